import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Host, hosts } from "./hosts.ts";
import { keysDir, runDir, sourceDir, sshConfigFile } from "./paths.ts";
import { attempt, type Finished, run } from "./shell.ts";

/** People with an account on every systemd host, in the order of their uids, from 1000 on. */
const people = ["ops", "pw", "guest", "fishy", "alice", "doas", "dpw"];

async function keyPair(name: string): Promise<string> {
  const file = join(keysDir, name);
  if (!existsSync(file)) {
    mkdirSync(keysDir, { recursive: true, mode: 0o700 });
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", `scrap-lab ${name}`, "-f", file]);
  }
  return file;
}

function authorize(home: string, uid: number, ...publicKeys: string[]): void {
  const dir = join(home, ".ssh");
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "authorized_keys"), publicKeys.join(""));
  chmodSync(dir, 0o700);
  chmodSync(join(dir, "authorized_keys"), 0o600);
  chownSync(dir, uid, uid);
  chownSync(join(dir, "authorized_keys"), uid, uid);
}

/** Puts the keys into a tree: the host's own, and the lab's client key for each of its people. */
export async function installKeys(host: Host, tree: string): Promise<void> {
  const client = readFileSync(`${await keyPair("client")}.pub`, "utf8");
  const own = await keyPair(`host-${host.name}`);
  mkdirSync(join(tree, "etc/ssh"), { recursive: true });
  for (const end of ["", ".pub"]) copyFileSync(own + end, join(tree, `etc/ssh/ssh_host_ed25519_key${end}`));
  chmodSync(join(tree, "etc/ssh/ssh_host_ed25519_key"), 0o600);

  authorize(join(tree, "root"), 0, client);
  people.forEach((name, index) => {
    const home = join(tree, "home", name);
    if (existsSync(home)) authorize(home, 1000 + index, client);
  });
}

/** What a user of the lab needs to reach it: ssh_config, known_hosts and an inventory. */
export async function writeAccess(): Promise<void> {
  mkdirSync(runDir, { recursive: true });
  const client = await keyPair("client");
  const known = join(runDir, "known_hosts");
  const sections: string[] = [];
  const lines: string[] = [];
  for (const host of hosts) {
    const [type, key] = readFileSync(`${await keyPair(`host-${host.name}`)}.pub`, "utf8").split(" ");
    lines.push(`${host.name},${host.address} ${type} ${key}`);
    const jump = host.jump ? [`  ProxyJump ${host.jump}`] : [];
    sections.push([`Host ${host.name} ${host.address}`, `  HostName ${host.address}`, ...jump].join("\n"));
  }
  sections.push(
    [
      "Host *",
      "  User root",
      `  IdentityFile ${client}`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${known}`,
      "  StrictHostKeyChecking yes",
      "  ConnectTimeout 10",
    ].join("\n"),
  );
  writeFileSync(known, `${lines.join("\n")}\n`, { mode: 0o600 });
  writeFileSync(sshConfigFile, `${sections.join("\n\n")}\n`, { mode: 0o600 });
  copyFileSync(join(sourceDir, "inventory.yaml"), join(runDir, "inventory.yaml"));
}

export const sshArgv = (target: string, ...words: string[]): string[] => [
  "ssh",
  "-F",
  sshConfigFile,
  target,
  ...words,
];

/** Runs a shell script as root on a host of the lab, the way its users get there: over ssh. */
export function onHost(name: string, script: string, seconds = 60): Promise<string> {
  return run(sshArgv(name, "sh", "-eu"), { input: script, seconds });
}

export function tryOnHost(name: string, script: string, seconds = 60): Promise<Finished> {
  return attempt(sshArgv(name, "sh", "-eu"), { input: script, seconds });
}
