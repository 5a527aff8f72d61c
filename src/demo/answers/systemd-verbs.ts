import type { SimulatedHost } from "../state.ts";
import type { Moment } from "../state-time.ts";
import type { Unit } from "../state-workloads.ts";
import { type Answer, complain, operandsOf, type Surroundings, say } from "./tool.ts";

const verbs = ["start", "stop", "restart"] as const;
type Verb = (typeof verbs)[number];

export const isVerb = (word: string): word is Verb => verbs.some((verb) => verb === word);

/** `systemctl start`, `stop` and `restart`, done at once. */
export function changeUnits(
  verb: Verb,
  user: string | undefined,
  args: readonly string[],
  { host, now, user: asker }: Surroundings,
): Answer {
  if (asker !== "root" && user === undefined)
    return complain(1, `Failed to ${verb} unit: Interactive authentication required.\n`);
  for (const name of operandsOf(args)) {
    const unit = host.units.find((each) => each.name === name && each.user === user);
    if (!unit) return complain(5, `Failed to ${verb} ${name}: Unit ${name} not found.\n`);
    for (const each of [unit, ...membersOf(unit, host)]) {
      if (verb !== "start") stop(each, host, now);
      if (verb !== "stop") start(each, host, now);
    }
  }
  return say("");
}

/** What goes up and down with the unit of a pod. */
const membersOf = ({ name }: Unit, { units }: SimulatedHost) =>
  units.filter(({ wantedBy }) => wantedBy.includes(name));

const containersOf = ({ name, user }: Unit, { containers }: SimulatedHost) =>
  containers.filter((each) => each.unit === name && each.user === user);

function stop(unit: Unit, host: SimulatedHost, now: Moment): void {
  if (unit.active !== "active") return;
  Object.assign(unit, { active: "inactive", sub: "dead", result: "success", changedAt: now });
  for (const container of containersOf(unit, host))
    Object.assign(container, { state: "exited", exitCode: 0, endedAt: now });
  host.journal.push({ at: now, of: unit.name, text: `Stopped ${unit.description}.` });
}

function start(unit: Unit, host: SimulatedHost, now: Moment): void {
  if (unit.active === "active") return;
  const sub = unit.isOneShot ? "exited" : "running";
  const well = { active: "active", sub, result: "success", exitCode: 0, exitStatus: 0, restarts: 0 };
  Object.assign(unit, { ...well, startedAt: now, changedAt: now });
  for (const container of containersOf(unit, host))
    Object.assign(container, { state: "running", exitCode: 0, restarts: 0, startedAt: now });
  host.journal.push({ at: now, of: unit.name, text: `Started ${unit.description}.` });
}
