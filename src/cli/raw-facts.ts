import type { Homelab } from "../model/homelab.ts";
import { createJoin } from "../model/references.ts";
import { printDocument } from "./output.ts";
import { toHostEntry, toResourceEntry, toServiceEntry } from "./report.ts";

/** All that is known of one thing as YAML: of a host or a declared service by its name, of anything else by its id. */
export async function printRawFacts(
  { kind, id }: { readonly kind: string; readonly id: string },
  { hosts, services, resources }: Homelab,
): Promise<string> {
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
