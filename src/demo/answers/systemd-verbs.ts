import { isUp, membersOf, readUnits, startUnit, stopUnit } from "../run-units.ts";
import { type Answer, complain, operandsOf, type Surroundings, say } from "./tool.ts";

const verbs = ["start", "stop", "restart", "daemon-reload", "reset-failed"] as const;
type Verb = (typeof verbs)[number];

export const isVerb = (word: string): word is Verb => verbs.some((verb) => verb === word);

/** `systemctl start`, `stop`, `restart`, `reset-failed` and `daemon-reload`, done at once. */
export function changeUnits(
  verb: Verb,
  user: string | undefined,
  args: readonly string[],
  { host, now, user: asker }: Surroundings,
): Answer {
  if (asker !== "root" && user === undefined)
    return complain(1, `Failed to ${verb} unit: Interactive authentication required.\n`);
  if (verb === "daemon-reload") readUnits(host);
  for (const name of operandsOf(args)) {
    const unit = host.units.find((each) => each.name === name && each.user === user);
    if (!unit) return complain(verb === "reset-failed" ? 1 : 5, notFound(verb, name));
    if (verb === "reset-failed") {
      if (!isUp(unit)) Object.assign(unit, { active: "inactive", sub: "dead", result: "success" });
      unit.restarts = 0;
      continue;
    }
    for (const each of [unit, ...membersOf(unit, host)]) {
      if (verb !== "start") stopUnit(each, host, now);
      if (verb !== "stop") startUnit(each, host, now);
    }
  }
  return say("");
}

const notFound = (verb: Verb, name: string) =>
  verb === "reset-failed"
    ? `Failed to reset failed state of unit ${name}: Unit ${name} not loaded.\n`
    : `Failed to ${verb} ${name}: Unit ${name} not found.\n`;
