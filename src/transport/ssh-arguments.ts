import type { Host } from "../inventory/host.ts";

/** The words that make `ssh` mean this host, the destination last. `jump` is what `-J` is. */
export function toSshArguments(
  host: Host,
  sshConfig: string | undefined,
  jump: string | undefined,
): string[] {
  const file = host.sshConfig ?? sshConfig;
  return [
    ...(file === undefined ? [] : ["-F", file]),
    ...(host.port === undefined ? [] : ["-p", `${host.port}`]),
    ...(host.user === undefined ? [] : ["-l", host.user]),
    ...(host.identityFile === undefined ? [] : ["-i", host.identityFile]),
    ...(jump === undefined ? [] : ["-J", jump]),
    "--",
    host.address ?? host.name,
  ];
}

/** For a person who wants to type there: the `ssh` of this machine, or a shell of it. */
export function toShellArgv(
  host: Host,
  hosts: ReadonlyMap<string, Host>,
  shell: string,
): readonly [string, ...string[]] {
  if (host.transport === "local") return [shell];
  return ["ssh", ...toSshArguments(host, undefined, host.jump && spellOut(host.jump, hosts))];
}

/** ssh knows nothing of our names: each jump host that is one of ours as `[user@]address[:port]`, after those before it. */
function spellOut(jump: string, hosts: ReadonlyMap<string, Host>, passed: readonly string[] = []): string {
  return jump
    .split(",")
    .flatMap((name) => {
      const hop = hosts.get(name);
      if (!hop || passed.includes(name)) return [name];
      const before = hop.jump === undefined ? [] : [spellOut(hop.jump, hosts, [...passed, name])];
      return [...before, toDestination(hop)];
    })
    .join(",");
}

function toDestination({ name, address = name, user, port }: Host): string {
  const bare = address.includes(":") ? `[${address}]` : address;
  return `${user === undefined ? "" : `${user}@`}${bare}${port === undefined ? "" : `:${port}`}`;
}
