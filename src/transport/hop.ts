import { UnreachableError } from "../errors.ts";
import type { Host } from "../inventory/host.ts";

/**
 * The last of the jump hosts, with those before it as its own. A host of the inventory, by its name, or else a
 * destination as `ssh -J` takes it.
 */
export function toHop(hops: readonly string[], target: Host, hosts: ReadonlyMap<string, Host>): Host {
  const name = hops.at(-1) ?? "";
  const before = hops.slice(0, -1).join(",");
  const inventoried = hosts.get(name);
  const hop = inventoried ?? parseDestination(name, target);
  if (inventoried) assertNoCircle(inventoried, hosts);
  return before === "" ? hop : { ...hop, jump: before };
}

function assertNoCircle(hop: Host, hosts: ReadonlyMap<string, Host>): void {
  const seen = new Set<string>();
  for (let next: Host | undefined = hop; next; next = hosts.get(next.jump?.split(",")[0] ?? "")) {
    if (seen.has(next.name)) {
      throw new UnreachableError(
        "config",
        `The jump hosts go round in a circle: ${[...seen, next.name].join(" → ")}`,
      );
    }
    seen.add(next.name);
  }
}

/** `[user@]host[:port]` or `ssh://…`, as in ssh(1), -J. */
function parseDestination(text: string, { sshConfig }: Pick<Host, "sshConfig">): Host {
  const [, user, bracketed, plain, port] =
    /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^@:]+))(?::(\d+))?\/?$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined)
    throw new UnreachableError("config", `Not a jump host that ssh -J takes: ${text}`);
  return {
    name: address,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(sshConfig === undefined ? {} : { sshConfig }),
    become: "none",
    groups: [],
    protected: false,
  };
}
