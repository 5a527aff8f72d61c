import { statSync } from "node:fs";
import { isAbout } from "../plan/plan.ts";
import { journalFile, listJournals } from "./journal.ts";
import { readLast } from "./read-last.ts";
import { summarise } from "./standing.ts";

/** After these it is known whether a service is meant to run. */
const telling = ["start", "stop", "restart", "deploy", "upgrade", "rollback", "restore"];

const nothingChanged = ["unchanged", "refused", "walked-back"];

/**
 * Who stopped a service on purpose, for people; undefined where that was not the last that was done with it from here, or
 * something is under way.
 */
export function atRest(folder: string, inventory: string | undefined, service: string): string | undefined {
  const ends = listJournals(folder)
    .filter((id) => isAbout(id, telling, service))
    .flatMap((id) => {
      const last = readLast(journalFile(folder, id));
      return last ? [{ id, last }] : [];
    })
    .toSorted((a, b) => Date.parse(b.last.at) - Date.parse(a.last.at));
  for (const { id, last } of ends) {
    if (last.kind === "ended" && nothingChanged.includes(last.outcome)) continue;
    const summary = summarise(folder, id);
    if (!summary || "broken" in summary) return undefined;
    const { plan, by } = summary.operation;
    if (by.inventory !== inventory) continue;
    const isStopped = plan.operation === "stop" && last.kind === "ended" && last.outcome === "done";
    return isStopped
      ? `stopped on purpose by ${by.user} on ${by.machine}, ${last.at.slice(0, 16)}Z`
      : undefined;
  }
  return undefined;
}

/** The same for whoever asks again and again: who begins or ends an operation changes the folder, and only then it is read. */
export function createAtRest(
  folderNow: () => string | undefined,
  inventory: string | undefined,
): (service: string) => string | undefined {
  const known = new Map<string, { readonly stamp: string; readonly rest: string | undefined }>();
  return (service) => {
    const folder = folderNow();
    if (folder === undefined) return undefined;
    const stamp = `${folder} ${statSync(folder, { throwIfNoEntry: false })?.mtimeMs}`;
    const before = known.get(service);
    if (before?.stamp === stamp) return before.rest;
    const rest = atRest(folder, inventory, service);
    known.set(service, { stamp, rest });
    return rest;
  };
}
