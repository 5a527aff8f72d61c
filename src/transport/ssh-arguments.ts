import type { Host } from "../inventory/host.ts";
import { noSshConfig } from "../inventory/paths.ts";

/** The words that make `ssh` mean this host, the destination last. `jump` is what `-J` is. */
export function toSshArguments(
  host: Host,
  sshConfig: string | undefined,
  jump: string | undefined,
): string[] {
  const file = host.sshConfig ?? sshConfig;
  return [
    ...(file === undefined ? [] : ["-F", file]),
    ...(file === noSshConfig && host.identityFile !== undefined ? ["-o", "IdentitiesOnly=yes"] : []),
    ...(host.port === undefined ? [] : ["-p", `${host.port}`]),
    ...(host.user === undefined ? [] : ["-l", host.user]),
    ...(host.identityFile === undefined ? [] : ["-i", host.identityFile]),
    ...(host.hostKey === undefined ? [] : pin(host.hostKey)),
    ...(jump === undefined ? [] : ["-J", jump]),
    "--",
    host.address ?? host.name,
  ];
}

/** Of OpenSSH 8.5 and later: a known_hosts line that is in no file. The path of `env` is the same everywhere. */
function pin(hostKey: string): string[] {
  return [
    `KnownHostsCommand=/usr/bin/env echo %H ${hostKey}`,
    "UserKnownHostsFile=none",
    "GlobalKnownHostsFile=none",
    "StrictHostKeyChecking=yes",
  ].flatMap((option) => ["-o", option]);
}

const usualKeys = ["id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk"];

/**
 * What `ssh -G` would say to these words where there is no configuration: ssh_config(5) tells what holds then. What is
 * left out here is off, or for the client to choose.
 */
export function defaultConfig({ name, address = name, port, user, identityFile }: Host): string {
  const keys = identityFile === undefined ? usualKeys.map((key) => `~/.ssh/${key}`) : [identityFile];
  return [
    `hostname ${address.toLowerCase()}`,
    ...(port === undefined ? [] : [`port ${port}`]),
    ...(user === undefined ? [] : [`user ${user}`]),
    ...keys.map((key) => `identityfile ${key}`),
    `identitiesonly ${identityFile === undefined ? "no" : "yes"}`,
    "userknownhostsfile ~/.ssh/known_hosts ~/.ssh/known_hosts2",
    "globalknownhostsfile /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2",
  ].join("\n");
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
