import { describe, expect, it } from "vitest";
import { type SnapshotSet, toPrune, toSets } from "../../src/operations/retention.ts";
import { parseSnapshotTag, toSnapshotTag } from "../../src/plan/snapshot-tag.ts";

const now = new Date("2026-11-21T14:13:00Z");
const hour = 3_600_000;

function made(
  hoursAgo: number,
  more: Partial<SnapshotSet> & { readonly operation?: string } = {},
): SnapshotSet {
  const createdAt = new Date(now.getTime() - hoursAgo * hour);
  const { operation = "snapshot", ...rest } = more;
  const minute = createdAt.toISOString().slice(0, 16).replaceAll(/[-:]/g, "").replace("T", "-");
  return {
    tag: toSnapshotTag(`${minute}-${operation}-web-x7k2`, "web", "crash-consistent"),
    createdAt,
    isHeld: false,
    places: 1,
    ...rest,
  };
}

const agesLeft = (sets: readonly SnapshotSet[], gone: readonly string[]) =>
  sets
    .filter(({ tag }) => !gone.includes(tag))
    .map((set) => (now.getTime() - set.createdAt.getTime()) / hour);

describe("what a policy lets go", () => {
  it("keeps the newest of each hour, day and month, as many as it says", () => {
    const sets = [0.1, 0.2, 1, 2, 3, 25, 26, 50, 30 * 24, 60 * 24, 90 * 24].map((age) => made(age));
    const gone = toPrune(sets, { hourly: 2, daily: 3, monthly: 2 }, now);
    expect(agesLeft(sets, gone)).toEqual([0.1, 1, 25, 50, 30 * 24]);
  });

  it("never lets go the newest, even by a policy of nothing", () => {
    const sets = [made(1), made(2)];
    expect(agesLeft(sets, toPrune(sets, {}, now))).toEqual([1]);
    expect(agesLeft(sets, toPrune(sets, { daily: 0 }, now))).toEqual([1]);
  });

  it("takes the newest that is of use for the newest", () => {
    const sets = [made(1, { invalid: "it is full" }), made(2), made(3)];
    expect(agesLeft(sets, toPrune(sets, { last: 1 }, now))).toEqual([2]);
  });

  it("lets go neither what is held nor what others made", () => {
    const sets = [
      made(1),
      made(2, { isHeld: true }),
      made(3, { tag: "autosnap_2026-11-21_11:00:00_hourly" }),
      made(4),
    ];
    expect(agesLeft(sets, toPrune(sets, { last: 1 }, now))).toEqual([1, 2, 3]);
  });

  it("keeps what was made before a change for 7 days, the newest of each for ever, and what backups go on from", () => {
    const upgrade = (hours: number) => made(hours, { operation: "upgrade" });
    const backup = (hours: number) => made(hours, { operation: "backup" });
    const sets = [made(1), upgrade(24), upgrade(6 * 24), upgrade(8 * 24), backup(30 * 24), backup(31 * 24)];
    expect(agesLeft(sets, toPrune(sets, { last: 1 }, now))).toEqual([1, 24, 6 * 24, 30 * 24, 31 * 24]);
  });

  it("lets weeks begin on Monday", () => {
    // The 21st is a Saturday.
    const sets = [made(1), made(5 * 24), made(6 * 24), made(7 * 24)];
    expect(agesLeft(sets, toPrune(sets, { weekly: 2 }, now))).toEqual([1, 6 * 24]);
  });
});

it("takes a set for held or of no use when one of its places is", () => {
  const place = { kind: "lvm", name: "vg0/web" } as const;
  const at = { tag: "t", createdAt: now };
  const other = { ...at, place: { kind: "zfs", name: "tank/web" } } as const;
  expect(
    toSets([
      { ...at, place, invalid: "it is full" },
      { ...other, isHeld: true },
    ]),
  ).toEqual([{ ...at, isHeld: true, invalid: "it is full", places: 2 }]);
});

describe("the name of a snapshot", () => {
  it.each(["web", "Nextcloud.prod", "$(reboot); rm -rf /", "zwölf-1", "-x"])("is plain for %s", (service) => {
    const tag = toSnapshotTag("20261121-1413-snapshot-apps-x7k2", service, "app-consistent");
    expect(tag).toMatch(/^scrap-[a-z0-9-]+\.app$/);
    expect(parseSnapshotTag(tag)).toMatchObject({
      takenAt: new Date("2026-11-21T14:13:00Z"),
      operation: "snapshot",
      consistency: "app-consistent",
    });
  });

  it.each([
    "monday",
    "scrap-",
    "scrap-20261399-9999-snapshot-web-x7k2.app",
    "autosnap_2026-11-21_11:00:00_hourly",
  ])("is not ours: %s", (tag) => expect(parseSnapshotTag(tag)).toBeUndefined());
});
