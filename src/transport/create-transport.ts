import { UsageError } from "../errors.ts";
import { createDialler } from "./dial.ts";
import { createLink } from "./link.ts";
import { defaultPatience, type TransportOptions } from "./options.ts";
import type { Link, Transport } from "./transport.ts";

/** Reaches nobody yet: each link connects when it is first asked. */
export function createTransport(options: TransportOptions): Transport {
  const patience = { ...defaultPatience, ...options.patience };
  const dialler = createDialler(options, patience);
  const links = new Map<string, Link>();
  return {
    link: (name) => {
      const host = options.hosts.get(name);
      if (!host) throw new UsageError(`There is no host ${name} in the inventory.`);
      const link = links.get(name) ?? createLink(host, dialler, patience, options);
      links.set(name, link);
      return link;
    },
    close: async () => {
      await Promise.all([...links.values()].map((link) => link.close()));
      dialler.close();
    },
  };
}
