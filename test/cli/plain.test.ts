import { describe, expect, it } from "vitest";
import { changesBetween } from "../../src/cli/plain.ts";
import { createStyle } from "../../src/cli/style.ts";
import type { Homelab, KnownHost } from "../../src/model/homelab.ts";
import type { Problem } from "../../src/model/hosts.ts";

const style = createStyle({}, { LANG: "C.UTF-8", NO_COLOR: "1" });

function withProblems(...problems: readonly Problem[]): Homelab {
  const nas: KnownHost = {
    name: "nas",
    state: problems.length > 0 ? "degraded" : "ok",
    link: { status: "idle" },
    problems,
    unseen: [],
    facts: {},
    probes: {},
  };
  return { hosts: [nas], services: [], resources: [] };
}

const tank = { kind: "pool", resource: "nas/zfs/pool/tank" } as const;
const degraded: Problem = { ...tank, severity: "failed", message: "degraded:\n1 of 2 disks" };

describe("what changed, in lines", () => {
  it("is a problem that came, in one line, and one that went", () => {
    expect(changesBetween(withProblems(), withProblems(degraded), style)).toEqual([
      "nas: ✖ failed: pool tank: degraded: 1 of 2 disks",
    ]);
    expect(changesBetween(withProblems(degraded), withProblems(), style)).toEqual([
      "nas: ● over: failed: pool tank: degraded: 1 of 2 disks",
    ]);
  });

  it("is one that grew worse, but not one that is worded anew", () => {
    const warning: Problem = { ...degraded, severity: "warning", message: "resilvering, 40 %" };
    const later: Problem = { ...warning, message: "resilvering, 41 %" };
    expect(changesBetween(withProblems(warning), withProblems(later), style)).toEqual([]);
    expect(changesBetween(withProblems(warning), withProblems(degraded), style)).toHaveLength(1);
  });
});
