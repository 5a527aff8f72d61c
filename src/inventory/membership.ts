import type { HostDefaults, PartialHost } from "./build-hosts.ts";
import type { HostSource } from "./inventory.ts";

/** Hosts and groups that one foreign file brings. */
export interface Membership {
  readonly hosts: readonly FoundHost[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly warnings: readonly string[];
}

export interface FoundHost {
  readonly host: PartialHost;
  readonly source: HostSource;
}

export const nobody: Membership = { hosts: [], groups: new Map(), warnings: [] };

/** What the user says of all hosts must not overrule what OpenSSH's configuration says of one that came from there. */
export function defaultsFor(source: HostSource, defaults: HostDefaults): HostDefaults {
  if (source.kind !== "ssh") return defaults;
  const { user: _user, port: _port, identityFile: _identityFile, ...rest } = defaults;
  return rest;
}
