import { Refused } from "../errors.ts";
import type { KnownJob } from "../model/scheduled.ts";
import { type Plan, type Step, withPrefix } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";
import { sayJob } from "../schedule/jobs.ts";
import { filesOf, foldersOf, unitOf } from "../schedule/places.ts";
import type { Ground } from "./ground.ts";
import { scheduledFor } from "./scheduled.ts";
import { disable, forgetUnits } from "./scheduled-timer.ts";
import { servicesMeant } from "./services-meant.ts";

export interface UnscheduleRequest {
  readonly verb: "unschedule";
  readonly name: string;
  readonly names: readonly string[];
}

/** Takes away all that was put on hosts for services. What it made, snapshots and backups, stays. */
export function* planUnschedule({ names }: UnscheduleRequest, ground: Ground): Planning<Plan> {
  const services = servicesMeant(names, ground.inventory);
  const found = services.map((service) => scheduledFor(service, ground));
  const own = found.flatMap(({ jobs }) => jobs);
  const unknown = [...new Set(found.flatMap((each) => each.unknown))];
  const steps: Step[] = [];
  for (const [index, each] of own.entries())
    steps.push(...withPrefix(`${index + 1}`, yield* removeSteps(each, ground)));
  return {
    format: 1,
    id: ground.id,
    operation: "unschedule",
    title: `Take what is scheduled of ${services.map(({ name }) => name).join(", ")} off ${own.length === 0 ? "its host" : "its hosts"}`,
    madeAt: ground.now.toISOString(),
    services: services.map(({ name }) => name),
    hosts: [...new Set(own.map(({ host }) => host))].sort(),
    basis: [],
    onFailure: "walk-back",
    steps,
    notes: [
      ...(steps.length === 0
        ? [unknown.length > 0 ? "Nothing of it was seen." : "Nothing of it is there."]
        : ["What it made stays: scrap snapshots, scrap backups. From now on only you make more."]),
      ...unknown.map((host) => `What is on ${host} nobody knows: it did not tell. It stays.`),
    ],
  };
}

/** Off first: from there on it is only tidying up, which can be gone on with. */
export function* removeSteps(
  { name, host, what, to }: KnownJob,
  { inventory }: Pick<Ground, "inventory">,
): Planning<readonly Step[]> {
  if (inventory.hosts.get(host)?.protected) throw new Refused(`${host} is protected: it is never changed.`);
  const said = sayJob({
    what: what === "backup" ? "backup" : "snapshot",
    ...(to === undefined ? {} : { to }),
  });
  const timer = yield* askHost(host, { argv: ["test", "-e", `/etc/systemd/system/${unitOf(name)}.timer`] });
  const files = filesOf(name);
  const remove: Step = {
    kind: "run",
    id: "remove",
    title: `Take the files of the ${said} away`,
    effect: "changes",
    host,
    command: {
      argv: ["sh", "-c", removeScript, "scrap", ...files, "--", ...foldersOf],
      asRoot: true,
    },
    again: "safe",
    timeoutMs: 30_000,
  };
  return timer.exitCode === 0
    ? [{ ...disable(name, host), commit: true }, remove, forgetUnits(name, host)]
    : [{ ...remove, commit: true }];
}

const removeScript = `while [ "$1" != -- ]; do rm -f -- "$1" || exit; shift; done; shift; for folder; do rmdir -- "$folder" 2>/dev/null; done; true`;
