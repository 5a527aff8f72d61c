import { expect, it } from "vitest";
import type { Service } from "../../src/inventory/service.ts";
import {
  type Backups,
  findingsOfCopies,
  judgeCopies,
  type KnownBackups,
  mergeBackups,
} from "../../src/model/copies.ts";

const now = new Date("2026-11-21T12:00:00Z");
const hours = (ago: number) => new Date(now.getTime() - ago * 3_600_000).toISOString();

const service = (copies: Partial<Service>) =>
  ({ name: "web", backups: [], sla: { rpoMs: 24 * 3_600_000 }, ...copies }) as unknown as Service;
const backedUp = service({ backups: [{ to: "offsite", everyMs: 86_400_000 }] });

const judge = (...backups: readonly KnownBackups[]) => {
  const newest = judgeCopies(backedUp, { backups }, false, now);
  return [newest?.health, newest?.words, findingsOfCopies(newest).map(({ message }) => message)];
};
const told = (askedAgo: number, madeAgo?: number): KnownBackups => ({
  repository: "offsite",
  askedAt: hours(askedAgo),
  ...(madeAgo === undefined ? {} : { newest: { id: "a", at: hours(madeAgo) } }),
});

it("says of backups what is known, and no more", () => {
  expect(judge()).toEqual(["unknown", "not asked", []]);
  expect(judge({ repository: "offsite", why: "no key" })).toEqual(["unknown", "not told", []]);
  expect(judge(told(1, 3))).toEqual(["ok", "3 h ago", []]);
  expect(judge({ repository: "offsite", newest: { at: hours(3) } })).toEqual(["ok", "3 h ago", []]);
  // Another one may have been made since it was asked.
  expect(judge(told(20, 30))).toEqual(["unknown", "30 h ago or newer", []]);
  expect(judge(told(1, 30))).toEqual([
    "warning",
    "30 h ago, may be 24 h",
    ["newest backup: 30 h ago, may be 24 h"],
  ]);
  expect(judge(told(1))).toEqual(["warning", "none", ["there is no backup of its data"]]);
  expect(judge(told(72))).toEqual(["unknown", "none when asked last", []]);
});

it("counts the newest of all repositories", () => {
  expect(judge(told(1, 30), { ...told(1, 2), repository: "cellar" })).toEqual(["ok", "2 h ago", []]);
});

it("holds snapshots against the promise where nothing else is declared", () => {
  const snapshot = { at: hours(30) };
  const judgeIt = (isAway: boolean) =>
    judgeCopies(service({}), { snapshot, backups: [] }, isAway, now)?.health;
  expect([judgeIt(false), judgeIt(true)]).toEqual(["warning", "unknown"]);
  expect(judgeCopies(service({}), { backups: [] }, false, now)).toBeUndefined();
});

it("believes the latest listing, and keeps what was made since", () => {
  const merge = (...all: readonly KnownBackups[]) =>
    all
      .reduce<Backups>((before, each) => mergeBackups(before, new Map([["web", [each]]])), new Map())
      .get("web")?.[0];
  const made: KnownBackups = { repository: "offsite", newest: { at: hours(2) } };
  expect(merge(told(5, 20), made)).toEqual({ ...told(5), newest: { at: hours(2) } });
  expect(merge(made, told(1, 20))).toEqual(told(1, 20));
  expect(merge(told(1, 20), told(5, 30))).toEqual(told(1, 20));
  expect(merge(told(5, 20), { repository: "offsite", why: "no key" })).toEqual({
    ...told(5, 20),
    why: "no key",
  });
  expect(merge(told(5, 20), { repository: "offsite", why: "no key" }, told(1, 3))).toEqual(told(1, 3));
});
