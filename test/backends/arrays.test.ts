import { expect, it } from "vitest";
import type { Observations, Probe } from "../../src/backends/probe.ts";
import { findingsOf } from "../../src/backends/storage/mdadm/findings.ts";
import { mdadm } from "../../src/backends/storage/mdadm/index.ts";
import { arrays, nodes, type RaidArray } from "../../src/backends/storage/mdadm/probes.ts";
import { nothing } from "./observed.ts";

const array = (state: Partial<RaidArray>): RaidArray => ({
  name: "md0",
  state: "active",
  level: "raid1",
  disksWanted: 2,
  disksMissing: 0,
  members: [
    { name: "sda1", state: "in_sync" },
    { name: "sdb1", state: "in_sync" },
  ],
  action: "idle",
  above: [],
  ...state,
});
const said = (state: Partial<RaidArray>) =>
  findingsOf(array(state)).map(({ severity, message }) => `${severity}: ${message}`);

const half = { doneSectors: 500_000, totalSectors: 1_000_000, kibibytesPerSecond: 250 };

it("says how far a rebuild is, and takes a scheduled check for none", () => {
  expect(said({ action: "check", ...half })).toEqual([]);
  expect(said({ action: "resync", ...half })).toEqual(["warning: md0 is resyncing, 50 % done, 17 min left"]);
  expect(said({ action: "recover", disksMissing: 1, ...half })).toEqual([
    "warning: md0 runs on 1 of 2 disks, rebuilding, 50 % done, 17 min left",
  ]);
  expect(said({ action: "recover", disksMissing: 1 })).toEqual([
    "warning: md0 runs on 1 of 2 disks, rebuilding, 0 % done",
  ]);
});

it("says what is lost", () => {
  const faulty = [
    { name: "sda1", state: "in_sync" },
    { name: "sdb1", state: "faulty" },
  ];
  expect(said({ disksMissing: 1 })).toEqual(["failed: md0 runs on 1 of 2 disks"]);
  expect(said({ members: faulty })).toEqual(["warning: md0: sdb1 failed and was replaced"]);
  expect(said({ state: "inactive" })).toEqual(["failed: md0 is not running"]);
  expect(said({ state: "broken", members: faulty })).toEqual([
    "failed: md0 has lost too many disks, sdb1 failed",
  ]);
});

it("leaves out arrays of the machine around, stopped ones, and the containers that a BIOS makes", () => {
  const at = new Date(0);
  const facts = new Map<string, unknown>([
    [
      arrays.id,
      [
        array({}),
        array({ name: "md1" }),
        array({ name: "md2", state: "clear" }),
        array({ name: "md127", state: "inactive", metadata: "external:imsm" }),
        array({ name: "md126", metadata: "external:/md127/0" }),
      ],
    ],
    [nodes.id, ["/dev/md0", "/dev/md2", "/dev/md126", "/dev/md127"]],
  ]);
  const observations: Observations = {
    of: <Fact>({ id }: Probe<Fact>) => ({ status: "known", fact: facts.get(id) as Fact, at }),
  };
  const found = { programs: new Map<string, string>(), paths: new Set<string>() };
  expect(mdadm.resources({ found, observations }, nothing).map(({ name }) => name)).toEqual(["md0", "md126"]);
});
