import type { Backup, Failover, From, Keep, Needs, Service } from "../inventory/service.ts";
import type { Known } from "../model/resources.ts";
import type { KnownService } from "../model/services.ts";
import { toPercent, toSize, toSpan } from "../words.ts";
import type { Style } from "./style.ts";

const list = (...words: readonly (string | false | undefined)[]) => words.filter(Boolean).join(", ");

/** How it is with a resource, in the words of its kind. */
export function toState(resource: Known): string {
  switch (resource.kind) {
    case "unit":
      return `${resource.details.active}/${resource.details.sub}`;
    case "container":
      return list(resource.details.state, resource.details.image);
    case "pod":
    case "project":
      return resource.details.state;
    case "array":
      return list(resource.details.level, resource.details.state);
    case "pool":
      return list(resource.details.type, resource.details.state);
    case "filesystem": {
      const { type, sizeBytes, usedBytes } = resource.details;
      const used =
        sizeBytes && usedBytes !== undefined
          ? `${toPercent(usedBytes / sizeBytes)} of ${toSize(sizeBytes)} used`
          : "";
      return list(type, used);
    }
    case "disk":
      return list(resource.details.model, toSize(resource.details.sizeBytes));
    default:
      return "";
  }
}

/** The class, and what it promises. */
export function toLevel({ sla, dataLoss = sla?.dataLoss }: Service): string {
  const { name, downtimeMs, downtimePer, rpoMs, rtoMs } = sla ?? {};
  const numbers = list(
    downtimeMs !== undefined && `down at most ${toSpan(downtimeMs)}${downtimePer ? ` a ${downtimePer}` : ""}`,
    rpoMs !== undefined && `copies at most ${toSpan(rpoMs)} old (RPO)`,
    rtoMs !== undefined && `back within ${toSpan(rtoMs)} (RTO)`,
    dataLoss !== undefined && `data loss ${dataLoss}`,
  );
  return [name, numbers].filter(Boolean).join(": ");
}

export function toCheck({ check, passed, message }: KnownService["checks"][number], style: Style): string {
  const sign = style.sign(passed === undefined ? "unknown" : passed ? "ok" : "failed");
  const from = check.on === undefined ? "" : ` from ${check.on}`;
  return `${sign} ${check.kind}${from}: ${message.startsWith("not checked") ? `${subjectOf(check)}: ` : ""}${message}`;
}

function subjectOf(check: Service["health"][number]): string {
  switch (check.kind) {
    case "tcp":
      return `port ${check.port}`;
    case "http":
      return check.url;
    default:
      return `${check.argv.join(" ")}${check.in === undefined ? "" : ` in ${check.in}`}`;
  }
}

export function toFrom(from: From): string {
  switch (from.kind) {
    case "playbook":
      return list(`playbook ${from.file}`, from.tags.length > 0 && `tags ${from.tags.join(" ")}`);
    case "files":
      return `files ${from.folder}${from.to === undefined ? "" : ` to ${from.to}`}`;
    case "compose":
      return `compose ${from.file} to ${from.to}`;
    default:
      return `manifest ${from.file}`;
  }
}

export const toNeeds = (needs: Needs): string =>
  list(
    needs.memoryBytes !== undefined && `memory ${toSize(needs.memoryBytes)}`,
    needs.diskBytes !== undefined && `disk ${toSize(needs.diskBytes)}`,
    needs.cpus !== undefined && `${needs.cpus} CPUs`,
    needs.raid && "RAID",
    needs.ups && "a UPS",
    needs.ports.length > 0 && `ports ${needs.ports.join(" ")}`,
    ...needs.devices,
    needs.arch.length > 0 && needs.arch.join(" or "),
    needs.os,
    needs.snapshots && "snapshots",
    needs.encryption && "encryption at rest",
  );

const toKeep = (keep: Keep) =>
  Object.entries(keep)
    .map(([which, count]) => `${count} ${which}`)
    .join(", ");

export const toBackup = ({ to, everyMs, keepWithinMs, keep }: Backup): string =>
  list(
    `to ${to} every ${toSpan(everyMs)}`,
    keepWithinMs !== undefined && `kept for ${toSpan(keepWithinMs)}`,
    keep && `kept: ${toKeep(keep)}`,
  );

export const toReplica = (replica: NonNullable<Service["replica"]>, failover?: Failover): string =>
  list(`on ${replica.on} every ${toSpan(replica.everyMs)}`, failover && `failover ${failover.policy}`);
