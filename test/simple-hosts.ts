import type { Backend } from "../src/backends/contract.ts";
import { known } from "../src/backends/known.ts";
import { defineProbe, keyOf } from "../src/backends/probe.ts";
import type { Resource } from "../src/backends/resource.ts";
import { command } from "../src/command/command.ts";
import { UnreachableError } from "../src/errors.ts";
import { createHomelabReader } from "../src/model/homelab.ts";
import type { RestOf } from "../src/model/services.ts";
import type { HostState } from "../src/model/state.ts";
import type { Access } from "../src/transport/transport.ts";
import { inventoryOf } from "./inventory-of.ts";

/** Unit → its state, such as `active` or `inactive`. */
export type Units = Readonly<Record<string, string>>;

export const units = defineProbe<Units>({
  id: "systemd.units",
  question: command("list-units"),
  freshMs: 1000,
  sees: "units",
  parse: ({ stdout }) => JSON.parse(stdout),
});

/** As simple as a backend can be: its one answer is a list of units. */
export const systemd: Backend = {
  id: "systemd",
  kind: "workload",
  title: "systemd",
  looksFor: { programs: ["systemctl"], paths: [] },
  detect: ({ programs }) =>
    programs.has("systemctl") ? { present: true } : { present: false, why: "systemd is not running" },
  probes: () => [units],
  resources: ({ observations }) => {
    const answer = observations.of(units);
    const fact = answer.status === "known" ? answer.fact : answer.status === "failed" && answer.last?.fact;
    return Object.entries(fact || {}).map(([name, active]) => toUnit(name, active));
  },
};

const toUnit = (name: string, active: string): Resource => ({
  kind: "unit",
  name,
  findings: [],
  seenAt: new Date(),
  is: [`unit:${name}`],
  uses: [],
  details: known({ description: name, load: "loaded", active, sub: active }),
});

export const access: Access = {
  driver: "ssh2",
  driverReason: "a test",
  destination: "root@192.0.2.1:22",
  login: { user: "root", uid: 0, how: "a test" },
  privilege: "root",
};

/** A host that was asked for its units, and whether it can be asked now. */
export function hostWith(name: string, its: Units, link: "up" | "down" | "idle" = "up"): HostState {
  const since = new Date();
  const error = new UnreachableError("timeout", `${name} does not answer.`);
  return {
    name,
    places: [],
    link:
      link === "up"
        ? { status: link, since, access }
        : link === "down"
          ? { status: link, since, error }
          : { status: link },
    found: { programs: new Map([["systemctl", "/bin/systemctl"]]), paths: new Set() },
    backends: new Map([
      [
        "systemd",
        {
          detection: { present: true },
          probes: [units],
          answers: new Map([[keyOf(units), { status: "known", fact: its, at: since }]]),
          previous: new Map(),
        },
      ],
    ]),
    checks: new Map(),
  };
}

/** What there is to see of such hosts. */
export async function homelabOf(inventory: string, hosts: readonly HostState[], restOf?: RestOf) {
  const { read } = createHomelabReader(await inventoryOf(inventory), [systemd], restOf);
  const state = { hosts: new Map(hosts.map((host) => [host.name, host])) };
  return read(
    state,
    hosts.map(({ name }) => name),
  );
}
