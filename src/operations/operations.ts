import type { Backend } from "../backends/contract.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { eyes } from "../model/placement.ts";
import { candidatesOf } from "../model/whereabouts.ts";
import type { Plan } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { type BackupRequest, planBackup } from "./backup.ts";
import { type DeployRequest, planDeploy } from "./deploy.ts";
import type { Ground } from "./ground.ts";
import { type LifecycleRequest, planLifecycle } from "./lifecycle.ts";
import { type PruneRequest, planPrune } from "./prune.ts";
import { planRestore, type RestoreRequest } from "./restore.ts";
import { planRollback, type RollbackRequest } from "./rollback.ts";
import { planSchedule, type ScheduleRequest } from "./schedule.ts";
import { hostsAround, servicesMeant } from "./services-meant.ts";
import { planSnapshot, type SnapshotRequest } from "./snapshot.ts";
import { alikeOf } from "./staging.ts";
import { planUnschedule, type UnscheduleRequest } from "./unschedule.ts";
import { planUpgrade, type UpgradeRequest } from "./upgrade.ts";
import { type HostUpgradeRequest, planHostUpgrade } from "./upgrade-host.ts";
import { planVerify, type VerifyRequest } from "./verify.ts";

/** All that a person can ask for. */
export type Request =
  | LifecycleRequest
  | DeployRequest
  | SnapshotRequest
  | PruneRequest
  | BackupRequest
  | VerifyRequest
  | ScheduleRequest
  | UnscheduleRequest
  | RestoreRequest
  | UpgradeRequest
  | RollbackRequest
  | HostUpgradeRequest;

/** Words the plan of a request. */
export function planFor(request: Request, ground: Ground): Planning<Plan> {
  switch (request.verb) {
    case "start":
    case "stop":
    case "restart":
      return planLifecycle(request, ground);
    case "backup":
      return planBackup(request, ground);
    case "verify":
      return planVerify(request, ground);
    case "schedule":
      return planSchedule(request, ground);
    case "unschedule":
      return planUnschedule(request, ground);
    case "restore":
      return planRestore(request, ground);
    case "snapshot":
      return planSnapshot(request, ground);
    case "prune":
      return planPrune(request, ground);
    case "deploy":
      return planDeploy(request, ground);
    case "upgrade":
      return planUpgrade(request, ground);
    case "rollback":
      return planRollback(request, ground);
    case "upgrade-host":
      return planHostUpgrade(request, ground);
    default:
      return request satisfies never;
  }
}

/** What the operation is about, for its id. */
export const subjectOf = ({ name }: Request): string => name;

/** The backends that have to look there; all of them when undefined. A slow host needs a second for each question. */
export function eyesFor(
  request: Request,
  inventory: Inventory,
): ((backend: Pick<Backend, "id" | "kind">) => boolean) | undefined {
  const { verb } = request;
  if (verb === "upgrade-host" || verb === "verify" || verb === "schedule" || verb === "unschedule")
    return undefined;
  // Whether there is room for it; but disks take long to tell how they are, and power is no matter here.
  if (verb === "deploy" || verb === "upgrade" || verb === "rollback")
    return ({ id, kind }) => ["host", "workload", "storage"].includes(kind) && id !== "smart";
  const named =
    "names" in request
      ? servicesMeant(request.names, inventory)
      : [inventory.services.get(request.name)].filter((service) => service !== undefined);
  // Hooks and checks may be run in a container, whatever the service is; and a drill starts one.
  const isInside = named.some(({ hooks, health }) =>
    [...Object.values(hooks), ...health].some((each) => each !== undefined && "in" in each),
  );
  const isTry = verb === "restore" && request.drill === true;
  if (named.length === 0 || isInside || isTry) return ({ kind }) => kind === "workload";
  // Where its data is, planning asks by itself.
  return ({ id }) => named.some(({ runs }) => eyes[runs.kind].includes(id));
}

/** The hosts that are looked at before it is planned: where it may be. Everywhere, for what is not declared. */
export function hostsFor(request: Request, inventory: Inventory): readonly string[] {
  const { services, hosts } = inventory;
  // A repository is asked, and nothing else.
  if (request.verb === "verify") return [];
  if ("names" in request)
    return [
      ...new Set(servicesMeant(request.names, inventory).flatMap((each) => hostsAround(each, inventory))),
    ];
  const { name } = request;
  if (request.verb === "upgrade-host" && hosts.has(name)) return [name];
  const service = services.get(name);
  const [host = ""] = name.split("/");
  if (!service) return hosts.has(host) ? [host] : [...hosts.keys()];
  const elsewhere = [...service.data, ...service.health].flatMap(({ on }) => on ?? []);
  const onto = "on" in request ? request.on : request.verb === "restore" ? request.to : undefined;
  const isPlaced = request.verb === "deploy" || request.verb === "upgrade";
  const others = isPlaced ? alikeOf(service, inventory).flatMap(candidatesOf) : [];
  return [
    ...new Set([...candidatesOf(service), ...elsewhere, ...others, ...(onto === undefined ? [] : [onto])]),
  ].filter((each) => hosts.has(each));
}
