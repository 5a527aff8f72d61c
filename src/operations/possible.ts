import { isWhyNot, type WhyNot } from "../backends/verbs.ts";
import { Failure } from "../errors.ts";
import type { Knowledge } from "./ground.ts";
import { forgotten, lifecycleOf } from "./lifecycle.ts";
import type { Request } from "./operations.ts";
import { hasBackupPolicy } from "./prune-backups.ts";
import { findTarget, type Target } from "./target.ts";

/** What a verb cannot do without. Planning looks closer, and may refuse all the same. */
const needs: Record<
  Exclude<Request["verb"], "upgrade-host" | "verify">,
  (target: Target, knowledge: Knowledge) => object
> = {
  start: canRun,
  stop: canRun,
  restart: canRun,
  deploy: declares("from", "how it is put there"),
  upgrade: saysVersion,
  rollback: saysVersion,
  snapshot: declares("data", "where its data is"),
  prune: (target) =>
    target.service && hasBackupPolicy(target.service)
      ? target
      : declares("snapshots", "how many snapshots or backups are kept")(target),
  backup: declares("backups", "where its copies go"),
  restore: declares("data", "where its data is"),
  schedule: declares("data", "where its data is"),
  unschedule: declares("data", "where its data is"),
};

function canRun(target: Target, knowledge: Knowledge): object {
  return forgotten(target, knowledge) ?? lifecycleOf(target);
}

/** What it is put in place from names an image, and so a version. */
function saysVersion(target: Target): object {
  if (target.service?.from) return target.service;
  return declares("version", "which version it has, and where that is written")(target);
}

/** What the inventory has to say of a service. */
function declares(field: "from" | "version" | "data" | "snapshots" | "backups", what: string) {
  return ({ name, service }: Target): object => {
    if (!service)
      return { whyNot: `${name} is no service of the inventory.`, hint: "Declare it, and this is possible." };
    const said = service[field];
    if (said !== undefined && !(Array.isArray(said) && said.length === 0)) return service;
    return {
      whyNot: `The inventory does not say of ${name} ${what}.`,
      hint: `\`${field}\` of the service says it.`,
    };
  };
}

function whyNotHost(name: string, { inventory }: Knowledge): WhyNot | undefined {
  if (!inventory.hosts.get(name)?.protected) return undefined;
  return {
    whyNot: `${name} is protected: it is never changed.`,
    hint: "`protected: true` in the inventory says so.",
  };
}

/** Why a verb cannot even be planned for what is named so, as far as it is known already. Asks nobody. */
export function whyNot(verb: Request["verb"], name: string, knowledge: Knowledge): WhyNot | undefined {
  if (verb === "upgrade-host") return whyNotHost(name, knowledge);
  if (verb === "verify") return undefined;
  try {
    const found = needs[verb](findTarget(name, knowledge), knowledge);
    return isWhyNot(found) ? found : undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { whyNot: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
}
