import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type Host, hostNamed, hosts } from "./hosts.ts";
import {
  ensureBackLink,
  ensureBridge,
  ensureNamespace,
  ensureTap,
  plug,
  removeBridge,
  removeHost,
} from "./network.ts";
import { dress, haltNspawn, isNspawnUp, killNspawn, startNspawn } from "./nspawn-host.ts";
import { hostDir, recipesDir, rootOf, runDir } from "./paths.ts";
import { ensureRequirements } from "./requirements.ts";
import { attempt, run, say, until } from "./shell.ts";
import { onHost, sshArgv, tryOnHost, writeAccess } from "./ssh-access.ts";
import { cached, copyTree, readyKey, roleTree } from "./trees.ts";
import {
  haltMachine,
  hasPanicked,
  isMachineUp,
  killMachine,
  startMachine,
  turnTreeIntoDisk,
} from "./vm-host.ts";
import { createVolumes, detachVolumes, withDevices } from "./volumes.ts";

export const isUp = (host: Host): boolean => (host.kind === "vm" ? isMachineUp(host) : isNspawnUp(host));

export const cut = (host: Host): Promise<void> => (host.kind === "vm" ? killMachine(host) : killNspawn(host));

const halt = (host: Host): Promise<void> => (host.kind === "vm" ? haltMachine(host) : haltNspawn(host));

async function connect(host: Host): Promise<void> {
  await ensureBridge();
  if (host.kind === "vm") return ensureTap(host);
  await ensureNamespace(host);
  for (const behind of hosts.filter((each) => each.jump === host.name)) {
    await ensureNamespace(behind);
    await ensureBackLink(host, behind);
  }
  if (host.jump) await connect(hostNamed(host.jump));
  else await plug(host);
}

const answers = async (host: Host): Promise<boolean> =>
  (await attempt(sshArgv(host.name, "true"))).code === 0;

async function startVm(host: Host): Promise<void> {
  await until(`ssh to ${host.name}`, 300, async () => {
    await startMachine(host);
    if (hasPanicked(host)) await killMachine(host);
    return isMachineUp(host) && answers(host);
  });
}

export async function start(host: Host): Promise<void> {
  await connect(host);
  if (host.kind === "vm") return startVm(host);
  await startNspawn(host);
  await until(`ssh to ${host.name}`, 90, () => answers(host));
}

/** Boots a new host once, lets its settle.sh prepare data and services, and shuts it down again. */
async function settle(host: Host): Promise<void> {
  const script = join(recipesDir, host.name, "settle.sh");
  if (!existsSync(script)) return;
  try {
    await start(host);
    await onHost(host.name, await withDevices(host, readFileSync(script, "utf8")), 180);
    await forgetFirstBoot(host);
    await halt(host);
  } catch (error) {
    await cut(host);
    throw error;
  }
  await detachVolumes(host);
}

/** The journal of a host begins with its first day in the lab, not with its making. */
async function forgetFirstBoot(host: Host): Promise<void> {
  if (host.kind !== "busybox")
    await onHost(host.name, "systemctl stop systemd-journald 2>/dev/null; rm -rf /var/log/journal/*");
}

async function discard(host: Host): Promise<void> {
  await detachVolumes(host);
  await run(["rm", "-rf", "--one-file-system", hostDir(host.name)]);
}

const settledHost = (host: Host): Promise<string> =>
  cached(`ready-${host.name}`, readyKey(host), async (into) => {
    await discard(host);
    mkdirSync(hostDir(host.name), { recursive: true });
    await copyTree(await roleTree(host), rootOf(host.name));
    await dress(host);
    await createVolumes(host);
    if (host.kind === "vm") await turnTreeIntoDisk(host);
    await settle(host);
    await run(["rm", "-f", join(hostDir(host.name), "console.log")]);
    renameSync(hostDir(host.name), into);
  });

export async function whatIsWrong(host: Host): Promise<string> {
  if (host.kind === "busybox") return "";
  const { out, err } = await tryOnHost(
    host.name,
    "systemctl is-system-running --wait; systemctl list-units --failed --plain --no-legend",
    90,
  );
  return out.trim() === "running" ? "" : out.trim() || err.trim();
}

async function bring(host: Host): Promise<void> {
  if (!isUp(host)) {
    const ready = await settledHost(host);
    await discard(host);
    mkdirSync(join(runDir, "hosts"), { recursive: true });
    await copyTree(ready, hostDir(host.name));
    if (host.kind !== "vm") await dress(host);
  }
  await start(host);
  const wrong = await whatIsWrong(host);
  if (wrong) throw new Error(`${host.name} is up, but not well: ${wrong}`);
  say(`${host.name} is up at ${host.address}`);
}

export async function up(wanted: Host[]): Promise<void> {
  await ensureRequirements(wanted.some((host) => host.kind === "vm"));
  await writeAccess();
  const behindJump = wanted.filter((host) => host.jump);
  const results = await Promise.allSettled(wanted.filter((host) => !host.jump).map(bring));
  results.push(...(await Promise.allSettled(behindJump.map(bring))));
  const failures = results.flatMap((result) =>
    result.status === "rejected" ? [String(result.reason?.message ?? result.reason)] : [],
  );
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

export async function down(unwanted: Host[]): Promise<void> {
  for (const host of unwanted) {
    await cut(host);
    await removeHost(host);
    await discard(host);
  }
  if (unwanted.length < hosts.length) return;
  await removeBridge();
  await run(["rm", "-rf", "--one-file-system", runDir]);
}
