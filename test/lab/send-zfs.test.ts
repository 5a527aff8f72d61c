import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BackupLabel } from "../../src/backends/backup-verbs.ts";
import type { ReceivingRepository } from "../../src/backends/send-verbs.ts";
import { data } from "../../src/backends/storage/zfs/data.ts";
import { send } from "../../src/backends/storage/zfs/send.ts";
import { isWhyNot, type WhyNot } from "../../src/backends/verbs.ts";
import type { Data } from "../../src/inventory/service.ts";
import type { Step } from "../../src/plan/plan.ts";
import { asOps, plan, take } from "./planned.ts";
import { away } from "./scrap.ts";

const host = "store";
const why = away.includes(host)
  ? `${host} is not up`
  : process.env["SCRAP_LAB_SLOW"]
    ? undefined
    : `${host} is emulated, and takes many minutes for it: SCRAP_LAB_SLOW=1`;

const place: Data = { kind: "zfs", name: "tank/send-src" };
const repository: ReceivingRepository = {
  name: "send-zfs",
  tool: "zfs",
  place: "tank/send-lab",
  host,
  appendOnly: false,
};
const label: BackupLabel = {
  service: "photos",
  operation: "20261121-1800-backup-photos-x7k2",
  host,
  consistency: "crash-consistent",
  places: [{ kind: "zfs", name: place.name, path: "/tank/send-src" }],
};
const tagOf = (minute: string) => `scrap-20261121-18${minute}-backup-photos-x7k2.crash`;

const root = (script: string) => asOps(host, "sh", "-c", script);

function sure<Answer extends object>(answer: Answer | WhyNot): Answer {
  if (isWhyNot(answer)) throw new Error(answer.whyNot);
  return answer;
}

const listed = async () => sure(await plan(send.list(repository)));
const withoutLabel = { place, host, repository, label, number: 1 };
const snapshot = async (tag: string) => {
  await root("head -c 2000000 /dev/urandom >/tank/send-src/blob");
  await take(sure(await plan(data.snapshot([place], host, tag))).steps);
};
const keep = (step: { readonly at: string }, tag: string): readonly Step[] => [
  send.keep(repository, { ...label, tag, at: "2026-11-21T18:00:00.000Z" }, [step.at]),
];
/** As a connection that is cut leaves it. */
const cut = (from: string, into: string) =>
  root(
    `zfs send ${from} | head -c 1000000 | zfs receive -s -u ${into}; zfs get -H -o value receive_resume_token ${into}`,
  );
const tearDown = () =>
  root(
    "exec 2>/dev/null; umount /run/scrap/tank-send-lab*; zfs destroy -R tank/send-src; zfs destroy -R tank/send-lab; true",
  );

describe.skipIf(why !== undefined)(
  `what ZFS sends${why === undefined ? "" : ` (left out: ${why})`}`,
  { timeout: 900_000, retry: 0 },
  () => {
    beforeAll(async () => {
      await tearDown();
      await root("zfs create tank/send-src");
    });
    afterAll(tearDown);

    it("counts once it is noted, goes on from what both have or had, and where it was cut off", async () => {
      expect(await plan(send.list(repository))).toMatchObject({ isMissing: true });
      await take([send.init(repository)]);
      const [first, second, third] = ["01", "02", "03"].map(tagOf) as [string, string, string];
      await snapshot(first);
      const all = send.send({ ...withoutLabel, tag: first });
      await take([all.step]);
      expect(await listed()).toEqual([]);
      await take(keep(all, first));
      const [one] = await listed();
      expect(one).toMatchObject({ tag: first, service: "photos", copies: [{ at: all.at, isBase: true }] });
      expect(one?.sizeBytes).toBeGreaterThan(1_900_000);
      const identity = one?.copies[0]?.identity ?? "";
      expect(sure(await plan(send.identities(place, host))).get(identity)).toBe(first);

      await snapshot(second);
      const base = { tag: first, at: all.at };
      const more = send.send({ ...withoutLabel, tag: second, base });
      const into = all.at.split("@")[0] ?? "";
      expect(await cut(`-i ${place.name}@${first} ${place.name}@${second}`, into)).toMatch(/^1-[0-9a-f]+-/m);
      expect(await listed()).toHaveLength(1);
      await take([more.step, ...keep(more, second)]);
      const both = await listed();
      expect(both.map(({ tag, copies }) => [tag, copies[0]?.isBase])).toContainEqual([second, true]);
      expect(both.map(({ tag, copies }) => [tag, copies[0]?.isBase])).toContainEqual([first, false]);

      const { path, before, after } = send.open(repository, more.at);
      await take(before);
      expect(await root(`cmp /tank/send-src/.zfs/snapshot/${second}/blob ${path}/blob && echo same`)).toBe(
        "same",
      );
      await take(after);

      // Twice, as whoever is cut off says it.
      const mark = send.mark?.({ ...withoutLabel, tag: second });
      await take(mark ? [mark, mark] : []);
      await root(`zfs destroy ${place.name}@${second}`);
      const bookmark = sure(await plan(send.identities(place, host))).get(
        both.find(({ tag }) => tag === second)?.copies[0]?.identity ?? "",
      );
      expect(bookmark).toBe("#scrap-send-zfs");

      // What was sent whole stays on the way back; what was not goes.
      await snapshot(third);
      const last = send.send({ ...withoutLabel, tag: third, base: { tag: bookmark ?? "", at: more.at } });
      await cut(`-i ${place.name}${bookmark} ${place.name}@${third}`, into);
      await take([...(last.step.undo ?? []), ...(more.step.undo ?? [])]);
      expect(await root(`zfs get -H -o value receive_resume_token ${into}`)).toBe("-");
      expect(await listed()).toHaveLength(2);
      await take([last.step, ...keep(last, third)]);
      expect(await listed()).toHaveLength(3);
    });
  },
);
