import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CannotMeasure } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";
import type { Fleet } from "./fleet.ts";
import { type Timed, timeProgram } from "./timing.ts";

/** `clush` (ClusterShell) asks all for `uptime`, all at the same time, with OpenSSH and the same configuration. */
export async function timeClush({ places, sshConfig }: Fleet): Promise<number> {
  const names = places.map(({ name }) => name).join(",");
  const fanOut = `${places.length}`;
  const run = await timeProgram(["clush", "-f", fanOut, "-o", `-F ${sshConfig}`, "-w", names, "uptime"]);
  const answers = run.stdout.split("\n").filter((line) => line.includes("load average")).length;
  return checked("clush", run, answers, places.length);
}

/** `ansible -m setup` as installed, for the first time: no connection of an earlier run is used. */
export async function timeAnsible({ places, sshConfig }: Fleet, cleanup: Cleanup): Promise<number> {
  const folder = cleanup.folder();
  const controls = join(folder, "cp");
  mkdirSync(controls);
  const inventory = join(folder, "hosts.ini");
  writeFileSync(inventory, `[all]\n${places.map(({ name }) => name).join("\n")}\n`);
  const configuration = join(folder, "ansible.cfg");
  writeFileSync(configuration, "");
  const env = {
    ...process.env,
    ANSIBLE_CONFIG: configuration,
    ANSIBLE_HOME: join(folder, "home"),
    ANSIBLE_LOCAL_TEMP: join(folder, "local"),
    ANSIBLE_REMOTE_TEMP: join(folder, "remote"),
    ANSIBLE_SSH_CONTROL_PATH_DIR: controls,
    ANSIBLE_SSH_COMMON_ARGS: `-F ${sshConfig}`,
    ANSIBLE_NOCOLOR: "1",
  };
  // Its masters would stay for a minute.
  cleanup.add(async () => {
    const sockets = readdirSync(controls).map((name) => join(controls, name));
    const stop = (path: string) =>
      timeProgram(["ssh", "-F", sshConfig, "-o", `ControlPath=${path}`, "-O", "exit", "host01"]);
    await Promise.all(sockets.map(stop));
  });
  const forks = `${places.length}`;
  const run = await timeProgram(["ansible", "-i", inventory, "-f", forks, "-m", "setup", "all"], { env });
  const answers = run.stdout.split("\n").filter((line) => / \| SUCCESS => /.test(line)).length;
  return checked("ansible", run, answers, places.length);
}

/** A rival that did not do its work is no measure. */
function checked(name: string, { ms, stdout, stderr }: Timed, answers: number, wanted: number): number {
  if (answers === wanted) return ms;
  const said = `${stderr}\n${stdout}`.trim().split("\n").slice(0, 3).join(" ");
  throw new CannotMeasure(`${name} got an answer from ${answers} of ${wanted} hosts: ${said}`);
}
