import { expect, it } from "vitest";
import type { Homelab, KnownHost } from "../../src/model/homelab.ts";
import { createDating } from "../../src/model/since.ts";
import { access } from "../simple-hosts.ts";

const minute = 60_000;
const start = new Date("2026-11-20T20:00:00Z");
const after = (minutes: number) => new Date(start.getTime() + minutes * minute);

const host = (messages: readonly string[], change: Partial<KnownHost> = {}): KnownHost => ({
  name: "nas",
  state: messages.length === 0 ? "ok" : "failed",
  link: { status: "up", since: start, access },
  problems: messages.map((message) => ({
    severity: "failed",
    kind: "pool",
    resource: "nas/zfs/pool/tank",
    message,
  })),
  unseen: [],
  facts: {},
  probes: { "zfs.status": { status: "known" } },
  ...change,
});

const labOf = (...hosts: readonly KnownHost[]): Homelab => ({ hosts, services: [], resources: [] });
const away = host(["nas does not answer"], { link: { status: "idle" }, probes: {} });

const sinceIn = (homelab: Homelab) =>
  homelab.hosts.flatMap(({ problems }) =>
    problems.map(({ since, isOlder }) => `${isOlder ? "before " : ""}${since}`),
  );

it("is older than the first look at its host", () => {
  const date = createDating(undefined);
  expect(sinceIn(date(labOf(host(["degraded"])), start))).toEqual([`before ${start.toISOString()}`]);
  expect(sinceIn(date(labOf(host(["degraded"])), after(5)))).toEqual([`before ${start.toISOString()}`]);
});

it("begins when it is seen on a host that was well, and lasts while its words change", () => {
  const date = createDating(undefined);
  date(labOf(host([])), start);
  expect(sinceIn(date(labOf(host(["rebuilding, 3 %"])), after(5)))).toEqual([after(5).toISOString()]);
  expect(sinceIn(date(labOf(host(["rebuilding, 9 %"])), after(9)))).toEqual([after(5).toISOString()]);
  date(labOf(host([])), after(10));
  expect(sinceIn(date(labOf(host(["rebuilding, 1 %"])), after(12)))).toEqual([after(12).toISOString()]);
});

it("outlasts that its host is away", () => {
  const date = createDating(undefined);
  date(labOf(host([])), start);
  date(labOf(host(["degraded"])), after(5));
  date(labOf({ ...away, problems: [] }), after(6));
  expect(sinceIn(date(labOf(host(["degraded"])), after(9)))).toEqual([after(5).toISOString()]);
});

it("is as the tool says, and as it was known at the last time", () => {
  const since = "2026-11-19T08:00:00Z";
  const told = host([]).problems;
  const [problem] = host(["failed"]).problems;
  if (!problem) throw new Error("there is one");
  const failed = host([], { problems: [...told, { ...problem, since }] });
  expect(sinceIn(createDating(undefined)(labOf(failed), start))).toEqual([since]);
  expect(sinceIn(createDating(labOf(failed))(labOf(host(["failed"])), start))).toEqual([since]);
});
