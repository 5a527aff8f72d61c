import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { timeProgram } from "./timing.ts";

/** A simulated or real SSH server on loopback, and the name that it goes by. */
export interface Place {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Everything that our side and the rivals need to reach the same places in the same way. */
export interface SshFiles {
  readonly folder: string;
  readonly sshConfig: string;
  readonly inventory: string;
  /** The private key of the servers, and the file of the public keys that they let in. */
  readonly hostKey: string;
  readonly authorizedKeys: string;
}

/** Makes keys, `ssh_config`, `known_hosts` and an inventory. The user's own are not touched. */
export async function writeSshFiles(folder: string, places: readonly Place[]): Promise<SshFiles> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [hostKey, clientKey] = [join(folder, "host-key"), join(folder, "client-key")];
  for (const file of [hostKey, clientKey]) {
    await timeProgram(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f", file]);
  }
  const [type, key] = readFileSync(`${hostKey}.pub`, "utf8").split(" ");
  const known = join(folder, "known_hosts");
  const lines = places.map(({ address, port }) => `[${address}]:${port} ${type} ${key}\n`);
  writeFileSync(known, lines.join(""), { mode: 0o600 });

  const sshConfig = join(folder, "ssh_config");
  const sections = places.map(
    ({ name, address, port }) => `Host ${name}\n  HostName ${address}\n  Port ${port}\n`,
  );
  const forAll = [
    "Host *",
    `  IdentityFile ${clientKey}`,
    "  IdentitiesOnly yes",
    `  UserKnownHostsFile ${known}`,
    "  GlobalKnownHostsFile none",
    "  StrictHostKeyChecking yes",
    "  ConnectTimeout 60",
  ];
  writeFileSync(sshConfig, `${sections.join("")}${forAll.join("\n")}\n`, { mode: 0o600 });

  const inventory = join(folder, "inventory.yaml");
  const hosts = places.map(({ name }) => `  ${name}: {}\n`);
  writeFileSync(inventory, `version: 1\nhosts:\n${hosts.join("")}`, { mode: 0o600 });
  return { folder, sshConfig, inventory, hostKey, authorizedKeys: `${clientKey}.pub` };
}
