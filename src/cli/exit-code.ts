import type { Health } from "../backends/resource.ts";
import type { KnownHost } from "../model/homelab.ts";
import type { HostHealth } from "../model/hosts.ts";

/** The exit code of everything that only reads: a host was not asked, something shown is not well, all is well. */
export function exitCodeOf(hosts: readonly KnownHost[], healths: readonly (Health | HostHealth)[]): number {
  if (hosts.some(isAway)) return 3;
  return healths.every((health) => health === "ok") ? 0 : 1;
}

export const isAway = ({ state }: Pick<KnownHost, "state">): boolean => state === "unreachable";
