import type { Operation } from "../journal/operation.ts";
import type { OperationSummary } from "../journal/standing.ts";
import type { Homelab } from "../model/homelab.ts";
import { createJoin } from "../model/references.ts";
import { printDocument } from "./output.ts";
import { toHostEntry, toResourceEntry, toServiceEntry } from "./report.ts";

/** As its journal tells it, the plan first. */
const toStory = ({
  operation: { plan, steps, decided, ...rest },
}: OperationSummary & { operation: Operation }) => ({
  plan,
  ...rest,
  steps: Object.fromEntries(steps),
  decided: Object.fromEntries(decided),
});

/** All that is known of one thing as YAML: of a host or a declared service by its name, of anything else by its id. */
export async function printRawFacts(
  { kind, id }: { readonly kind: string; readonly id: string },
  { hosts, services, resources }: Homelab,
  operations: readonly OperationSummary[],
): Promise<string> {
  const operation = kind === "operation" && operations.find((each) => each.id === id);
  if (operation) return printDocument("operation" in operation ? toStory(operation) : operation, "yaml");
  const host = kind === "host" && hosts.find(({ name }) => name === id);
  const known = kind === "service" && services.find(({ service }) => service.name === id);
  const resource = resources.find((each) => each.id === id);
  const entry = host
    ? toHostEntry(host)
    : known
      ? toServiceEntry(known)
      : resource &&
        toResourceEntry(resource, createJoin(resources.filter((each) => each.host === resource.host)));
  return entry ? printDocument(entry, "yaml") : `# ${id} is not seen any more`;
}
