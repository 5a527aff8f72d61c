import { expect, it } from "vitest";
import { findingsOf as findingsOfBtrfs } from "../../src/backends/storage/btrfs/findings.ts";
import type { ErrorCounts } from "../../src/backends/storage/btrfs/kernel.ts";
import type { Pool } from "../../src/backends/storage/btrfs/pool.ts";
import { findingsOf as findingsOfSmart } from "../../src/backends/storage/smart/findings.ts";
import type { Health } from "../../src/backends/storage/smart/health.ts";

const disk = (figures: Partial<Health>): Health => ({
  isSupported: true,
  passed: true,
  warnings: [],
  failingAttributes: [],
  ...figures,
});
const smart = (now: Partial<Health>, before?: Partial<Health>) =>
  findingsOfSmart("sda", disk(now), before && disk(before)).map(
    ({ severity, message }) => `${severity}: ${message}`,
  );

it("bears a few replaced sectors, but not one that cannot be read, and no growth", () => {
  expect(smart({ reallocated: 3, reportedUncorrectable: 1, pending: 0 })).toEqual([]);
  expect(smart({ reallocated: 304 })).toEqual(["warning: sda: 304 sectors replaced by spares"]);
  expect(smart({ pending: 1 })).toEqual(["warning: sda: 1 sector cannot be read"]);
  expect(smart({ reallocated: 4 }, { reallocated: 3 })).toEqual([
    "warning: sda: 4 sectors replaced by spares, and counting",
  ]);
});

it("says when a disk is worn, hot, or gives itself up", () => {
  expect(smart({ wearRatio: 0.91 })).toEqual(["warning: sda: 91 % of its rated life is used"]);
  expect(smart({ temperatureCelsius: 63, rotationRate: 7200 })).toEqual(["warning: sda: 63 °C is too hot"]);
  expect(smart({ temperatureCelsius: 63, rotationRate: 0 })).toEqual([]);
  expect(smart({ passed: false, failingAttributes: ["Reallocated Sector Ct"] })).toEqual([
    "failed: sda is failing, says SMART: Reallocated Sector Ct",
  ]);
});

const counts: ErrorCounts = { write: 0, read: 0, flush: 0, corruption: 0, generation: 0 };
const pool = (errors: Partial<ErrorCounts>): Pool => ({
  name: "/srv",
  members: ["/dev/sda", "/dev/sdb"],
  devices: [
    { id: "1", path: "/dev/sda", isMissing: false, errors: counts },
    { id: "2", path: "/dev/sdb", isMissing: false, errors: { ...counts, ...errors } },
  ],
  groups: [],
  sizes: [],
});
const btrfs = (now: Partial<ErrorCounts>, before: Partial<ErrorCounts> = now) =>
  findingsOfBtrfs(pool(now), pool(before)).map(({ severity, message }) => `${severity}: ${message}`);

it("takes lost writes and growing counters for a failing disk, old corruption for a warning", () => {
  expect(btrfs({})).toEqual([]);
  expect(btrfs({ corruption: 2 })).toEqual(["warning: sdb in /srv had 2 corruption errors"]);
  expect(btrfs({ corruption: 3 }, { corruption: 2 })).toEqual([
    "failed: sdb in /srv had 3 corruption errors, and counting",
  ]);
  expect(btrfs({ write: 1, read: 4 })).toEqual(["failed: sdb in /srv had 1 write error, 4 read errors"]);
});
