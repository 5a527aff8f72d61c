import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Beside, DataVerbs } from "../../src/backends/data-verbs.ts";
import { data as btrfs } from "../../src/backends/storage/btrfs/data.ts";
import { data as zfs } from "../../src/backends/storage/zfs/data.ts";
import { isWhyNot } from "../../src/backends/verbs.ts";
import { asOps, plan, take, wayBack } from "./planned.ts";
import { away } from "./scrap.ts";

interface Ground {
  readonly title: string;
  readonly host: string;
  readonly verbs: DataVerbs;
  readonly place: string;
  readonly folder: string;
  readonly setUp: string;
  readonly tearDown: string;
}

const grounds: readonly Ground[] = [
  {
    title: "a subvolume",
    host: "nas",
    verbs: btrfs,
    place: "/srv/backup-beside",
    folder: "/srv/backup-beside",
    setUp: "btrfs subvolume create /srv/backup-beside",
    tearDown: "for s in /srv/backup-beside*; do btrfs subvolume delete $s; done",
  },
  {
    title: "a dataset with a mount point of its own",
    host: "store",
    verbs: zfs,
    place: "tank/backup-beside",
    folder: "/mnt/backup-beside",
    setUp: "zfs create -o mountpoint=/mnt/backup-beside -o quota=100M tank/backup-beside",
    tearDown:
      "for d in $(zfs list -H -o name | grep backup-beside); do zfs destroy -f $d; done; rmdir /mnt/backup-beside /run/scrap/tank-*; true",
  },
];

const up = grounds.filter(({ host }) => !away.includes(host));

describe.each(up)("beside $title", ({ host, verbs, place, folder, setUp, tearDown }) => {
  const root = (script: string) => asOps(host, "sh", "-c", script);
  const names = { mark: "restore_x", aside: "before_x" };
  const make = async (): Promise<Beside> => {
    const made = await plan(verbs.beside?.({ kind: verbs.kind, name: place }, host, names) ?? never());
    if (isWhyNot(made)) throw new Error(made.whyNot);
    return made;
  };
  beforeAll(async () => {
    await root(`${tearDown}`).catch(() => {});
    await root(`${setUp}; echo live >${folder}/is`);
  });
  afterAll(() => root(tearDown));

  it("is thrown away as if it had never been", async () => {
    const beside = await make();
    await take(beside.make);
    await root(`echo restored >${beside.path}/is`);
    await take(beside.discard);
    expect(await root(`cat ${folder}/is`)).toBe("live");
    await take(beside.make);
    await take(wayBack(beside.make));
    expect(await make()).toEqual(beside);
  });

  it("takes the place of the live one, which is kept, and gives it back", async () => {
    const beside = await make();
    await take(beside.make);
    await root(`echo restored >${beside.path}/is`);
    await take(beside.swap);
    expect(await root(`cat ${folder}/is`)).toBe("restored");
    expect(beside.kept).toContain("before_x");
    // Whoever is cut off finds out where he was.
    expect(await take(beside.swap.slice(-1))).toEqual([]);
    await take(wayBack(beside.swap));
    expect(await root(`cat ${folder}/is`)).toBe("live");
  });
});

function never(): never {
  throw new Error("It has no such verb.");
}
