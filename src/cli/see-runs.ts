import type { KnownHost } from "../model/homelab.ts";
import type { Context, InventoryOptions } from "./context.ts";

/** Brings what hosts did by themselves into the journal, when they are seen. That it cannot be written is told, no more. */
export async function seeRuns(
  hosts: readonly KnownHost[],
  context: Context,
  options: InventoryOptions,
): Promise<void> {
  const runs = hosts.flatMap(({ scheduled }) =>
    (scheduled ?? []).flatMap(({ host, name, service, what, to, runs }) =>
      runs.map((run) => ({
        ...run,
        host,
        service,
        job: name,
        operation: what,
        title: `${what === "backup" ? "Back up" : "Snapshot"} ${service}${to === undefined ? "" : ` to ${to}`}, on the schedule of ${host}`,
      })),
    ),
  );
  if (runs.length === 0) return;
  try {
    (await context.operations(options)).see(runs);
  } catch (error) {
    context.complain(`! What hosts did by themselves is not in the journal: ${(error as Error).message}`);
  }
}
