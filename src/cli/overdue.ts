import type { Homelab, KnownHost } from "../model/homelab.ts";
import type { Problem } from "../model/hosts.ts";

/** After the only round: what was not answered by then will not be, and who did not let us look is as good as away. */
export function withOverdue(homelab: Homelab, seconds: number): Homelab {
  return { ...homelab, hosts: homelab.hosts.map((host) => judge(host, seconds)) };
}

function judge(host: KnownHost, seconds: number): KnownHost {
  if (host.state === "unreachable") return host;
  const late = (message: string, severity: Problem["severity"]): Problem => ({
    severity,
    kind: "host",
    resource: host.name,
    message,
  });
  if (host.link.status !== "up" || (host.seenAt === undefined && host.problems.length === 0))
    return { ...host, state: "unreachable", problems: [late(notAnswered(seconds), "failed")] };
  const open = Object.entries(host.probes).flatMap(([key, { status }]) => (status === "unasked" ? key : []));
  if (open.length === 0) return host;
  return {
    ...host,
    problems: [...host.problems, late(`${notAnswered(seconds)}: ${open.join(", ")}`, "unknown")],
  };
}

export const notAnswered = (seconds: number): string => `not answered within ${seconds} s`;
