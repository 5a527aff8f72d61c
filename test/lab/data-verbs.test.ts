import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DataVerbs } from "../../src/backends/data-verbs.ts";
import { data as btrfs } from "../../src/backends/storage/btrfs/data.ts";
import { data as lvm } from "../../src/backends/storage/lvm/data.ts";
import { data as zfs } from "../../src/backends/storage/zfs/data.ts";
import { isWhyNot, type WhyNot } from "../../src/backends/verbs.ts";
import type { Data } from "../../src/inventory/service.ts";
import { asOps, plan, take, wayBack } from "./planned.ts";
import { away } from "./scrap.ts";

interface Ground {
  readonly title: string;
  readonly host: string;
  readonly verbs: DataVerbs;
  readonly place: Data;
  /** Where it is read and written. */
  readonly folder: string;
  readonly setUp: readonly string[];
  readonly tearDown: readonly string[];
  /** Takes away what an undone return leaves. */
  readonly discard: string;
}

const grounds: readonly Ground[] = [
  {
    title: "btrfs, a subvolume",
    host: "nas",
    verbs: btrfs,
    place: { kind: "btrfs", name: "/srv/snap-db" },
    folder: "/srv/snap-db",
    setUp: [],
    tearDown: [
      "for s in /srv/.scrap/snap-db/* /srv/snap-db*; do btrfs subvolume delete $s; done",
      "rmdir /srv/.scrap/snap-db /srv/.scrap",
    ],
    discard: "btrfs subvolume delete /srv/snap-db*_undone",
  },
  {
    title: "btrfs, a subvolume that is mounted",
    host: "vps1",
    verbs: btrfs,
    place: { kind: "btrfs", name: "/mnt/snap-db" },
    folder: "/mnt/snap-db",
    setUp: [
      "btrfs subvolume create /data/snap-db",
      "mkdir -p /mnt/snap-db",
      "mount -o subvol=/snap-db $(findmnt -n -o SOURCE --mountpoint /data) /mnt/snap-db",
    ],
    tearDown: [
      "umount /mnt/snap-db /run/scrap/btrfs-*",
      "for s in /data/.scrap/snap-db/* /data/snap-db*; do btrfs subvolume delete $s; done",
      "rmdir /data/.scrap/snap-db /data/.scrap /mnt/snap-db",
    ],
    discard: "btrfs subvolume delete /data/snap-db*_undone",
  },
  {
    title: "zfs, a dataset with a mount point of its own",
    host: "store",
    verbs: zfs,
    place: { kind: "zfs", name: "tank/snap-db" },
    folder: "/mnt/snap-db",
    setUp: ["zfs create -o mountpoint=/mnt/snap-db -o compression=lz4 tank/snap-db"],
    tearDown: [
      "zfs destroy -R tank/snap-db",
      "for d in $(zfs list -H -o name | grep tank/snap-db); do zfs destroy -R $d; done",
      "rmdir /mnt/snap-db",
    ],
    discard: "for d in $(zfs list -H -o name | grep _undone); do zfs destroy -r $d; done",
  },
  {
    title: "lvm, a classic volume",
    host: "store",
    verbs: lvm,
    place: { kind: "lvm", name: "vg0/snap-db" },
    folder: "/mnt/snap-lv",
    setUp: [
      "lvcreate -q -y -L 16M -n snap-db vg0",
      "udevadm settle",
      "mkfs.ext4 -q /dev/vg0/snap-db",
      "mkdir -p /mnt/snap-lv",
      "mount /dev/vg0/snap-db /mnt/snap-lv",
    ],
    tearDown: [
      "umount /mnt/snap-lv /run/scrap/lvm-*",
      "lvremove -y $(lvs --noheadings -o vg_name,lv_name --separator / vg0 | grep /snap-db)",
      "rmdir /mnt/snap-lv",
    ],
    discard: "lvremove -y $(lvs --noheadings -o vg_name,lv_name --separator / vg0 | grep _copy)",
  },
  {
    title: "lvm, a thin volume",
    host: "store",
    verbs: lvm,
    place: { kind: "lvm", name: "vg0/snap-thin" },
    folder: "/mnt/snap-thin",
    setUp: [
      "lvcreate -q -y -Zn -L 24M --poolmetadatasize 4M -T vg0/snap-pool",
      "lvcreate -q -y -V 16M -T vg0/snap-pool -n snap-thin",
      "udevadm settle",
      "mkfs.ext4 -q -E nodiscard /dev/vg0/snap-thin",
      "mkdir -p /mnt/snap-thin",
      "mount /dev/vg0/snap-thin /mnt/snap-thin",
    ],
    tearDown: ["umount /mnt/snap-thin /run/scrap/lvm-*", "lvremove -y vg0/snap-pool", "rmdir /mnt/snap-thin"],
    discard: "lvremove -y $(lvs --noheadings -o vg_name,lv_name --separator / vg0 | grep _copy)",
  },
];

const tag = "scrap-20261121-1413-snapshot-db-x7k2.crash";
const aside = "20261121-1414-restore-db-k3k3";

/** Appends numbered lines, each on disk before it says so elsewhere. */
const writer =
  'i=0; while :; do i=$((i+1)); echo $i >>"$1/log" && sync "$1/log" && echo $i >/run/snap-said; done';

function sure<Answer extends object>(answer: Answer | WhyNot): Answer {
  if (isWhyNot(answer)) throw new Error(answer.whyNot);
  return answer;
}

describe.each(grounds)("$title", ({ host, verbs, place, folder, setUp, tearDown, discard }) => {
  if (away.includes(host)) return it.skip("needs a host that is not up", () => {});
  if (host === "store" && !process.env["SCRAP_LAB_SLOW"])
    return it.skip("takes many minutes on an emulated host: needs SCRAP_LAB_SLOW=1", () => {});
  // Each of its commands takes seconds.
  const timeout = host === "store" ? 1_200_000 : 180_000;
  const script = (lines: readonly string[]) => asOps(host, "sh", "-c", lines.join("\n"));
  const countIn = async (file: string) => {
    const lines = (await asOps(host, "cat", file)).split("\n");
    // Whole, in order, from the first on.
    expect(lines).toEqual(lines.map((_, index) => `${index + 1}`));
    return lines.length;
  };
  const said = async () => Number(await asOps(host, "cat", "/run/snap-said"));
  let snapshotted = 0;
  let last = 0;

  beforeAll(async () => {
    await script(["systemctl stop snap-writer; rm -f /run/snap-said", ...tearDown, "true"]);
    await script(["set -e", ...setUp]);
  });
  afterAll(() => script(["systemctl stop snap-writer", ...tearDown, "true"]));

  it("makes a place where there is none, once", { timeout }, async () => {
    if (!verbs.allocate) return;
    await take(sure(await plan(verbs.allocate(place, host))));
    expect(sure(await plan(verbs.allocate(place, host)))).toEqual([]);
  });

  it("holds a prefix of what is written meanwhile", { timeout }, async () => {
    await asOps(host, "systemd-run", "--unit=snap-writer", "--collect", "sh", "-c", writer, "sh", folder);
    await expect.poll(said, { timeout: 90_000, interval: 1000 }).toBeGreaterThan(3);
    const { before, steps, after, isAtomic } = sure(await plan(verbs.snapshot([place], host, tag)));
    expect(isAtomic).toBe(true);
    await take(before);
    const least = await said();
    await take(steps);
    const most = (await said()) + 1;
    await take(after);
    expect(await take(steps.length > 1 ? [] : before.length > 0 ? [] : steps)).toEqual([]);
    const seen = sure(await plan(verbs.expose(place, host, tag)));
    await take(seen.before);
    snapshotted = await countIn(`${seen.path}/log`);
    await take(seen.after);
    expect(snapshotted).toBeGreaterThanOrEqual(least);
    expect(snapshotted).toBeLessThanOrEqual(most);
    const list = sure(await plan(verbs.listSnapshots([place], host)));
    expect(list).toEqual([expect.objectContaining({ place, tag })]);
    expect(Math.abs((list[0]?.createdAt.getTime() ?? 0) - Date.now())).toBeLessThan(120_000);
  });

  it("puts it back, keeps the other, and takes that back, wherever it was cut off", { timeout }, async () => {
    await expect.poll(said, { timeout: 90_000, interval: 1000 }).toBeGreaterThan(snapshotted + 1);
    await asOps(host, "systemctl", "stop", "snap-writer");
    last = await countIn(`${folder}/log`);
    const steps = sure(await plan(verbs.putBack([place], host, tag, aside)));
    const all = steps.map((_, index) => index + 1);
    // An emulated host needs minutes for all of them.
    const cuts = host === "store" ? all.slice(-1) : all;
    for (const cut of cuts) {
      const begun = steps.slice(0, cut);
      await take(begun);
      await take(wayBack(begun));
      expect(await countIn(`${folder}/log`)).toBe(last);
      // It is kept, under a name that the next round needs.
      await script([discard, "true"]);
    }
    for (const step of steps) await take([step]);
    expect(await countIn(`${folder}/log`)).toBe(snapshotted);
    await asOps(host, "touch", `${folder}/writable`);
  });

  it("destroys what is named, and nothing where nothing is", { timeout }, async () => {
    if (verbs === zfs) {
      // What was put aside is a clone of it.
      expect(await plan(verbs.destroySnapshots([place], host, [tag]))).toHaveProperty("whyNot");
      await script([`zfs destroy -r ${place.name}_${aside}`]);
    }
    const steps = sure(await plan(verbs.destroySnapshots([place], host, [tag])));
    expect(steps.flatMap(({ destroys = [] }) => destroys)).toEqual([expect.stringContaining(tag)]);
    await take(steps);
    expect(sure(await plan(verbs.listSnapshots([place], host)))).toEqual([]);
    expect(sure(await plan(verbs.destroySnapshots([place], host, [tag])))).toEqual([]);
  });
});
