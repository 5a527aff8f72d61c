import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import type { Keep } from "../../src/inventory/service.ts";
import { type SnapshotSet, toPrune } from "../../src/operations/retention.ts";
import { toSnapshotTag } from "../../src/plan/snapshot-tag.ts";
import { letGo, sayPolicy } from "../../src/schedule/retention.ts";

/** The same numbers each time. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * sides);
  };
}

const now = new Date("2026-11-21T14:13:00Z");

function setOf(
  minutesAgo: number,
  operation: string,
  service: string,
  more: Partial<SnapshotSet> = {},
): SnapshotSet {
  const createdAt = new Date(now.getTime() - minutesAgo * 60_000);
  const minute = createdAt.toISOString().slice(0, 16).replaceAll(/[-:]/g, "").replace("T", "-");
  const tag = toSnapshotTag(`${minute}-${operation}-x-x7k2`, service, "crash-consistent");
  return { tag, createdAt, isHeld: false, places: 2, ...more };
}

const policy = (keep: Keep, sets: readonly SnapshotSet[]) =>
  execFileSync("awk", ["-v", "word=web", "-v", "wanted=2", "-v", `policy=${sayPolicy(keep)}`, letGo], {
    encoding: "utf8",
    input: sets
      .flatMap(({ tag, places, isHeld, invalid }) =>
        Array<string>(places).fill(`${tag}${isHeld ? " held" : invalid === undefined ? "" : " invalid"}\n`),
      )
      .join(""),
  })
    .split("\n")
    .filter(Boolean)
    .sort();

it("a host lets go by itself what scrap would have let go, and of others nothing", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const roll = dice(seed);
    const own: SnapshotSet[] = [];
    const others: SnapshotSet[] = [];
    let minutes = 1;
    for (let count = 0; count < 60; count += 1) {
      minutes += 1 + roll(seed % 2 ? 40_000 : 90);
      const fate = roll(10);
      const more =
        fate === 0 ? { isHeld: true } : fate === 1 ? { invalid: "full" } : fate === 2 ? { places: 1 } : {};
      const one = (operation: string, service: string) => setOf(minutes, operation, service, more);
      const kind = roll(8);
      if (kind === 0) others.push(one("upgrade", "web"));
      else if (kind === 1) others.push(one("snapshot", "web-mail"));
      else own.push(one("snapshot", "web"));
    }
    const keep: Keep = {
      last: roll(4),
      hourly: roll(5),
      daily: roll(5),
      weekly: roll(5),
      monthly: roll(5),
      yearly: roll(3),
    };
    const [whole, partial] = [2, 1].map((places) => own.filter((set) => set.places === places));
    const wanted = [...toPrune(whole ?? [], keep, now), ...toPrune(partial ?? [], keep, now)].sort();
    expect(policy(keep, [...others, ...own])).toEqual(wanted);
  }
});

it("keeps the newest by a policy of nothing", () => {
  const sets = [setOf(1, "snapshot", "web"), setOf(2, "snapshot", "web")];
  expect(policy({}, sets)).toEqual([sets[1]?.tag]);
});
