import { blockdevices } from "./answers/blockdevices.ts";
import { btrfs } from "./answers/btrfs.ts";
import { coreutils } from "./answers/coreutils.ts";
import { docker } from "./answers/docker.ts";
import { base } from "./answers/host.ts";
import { journal } from "./answers/logs.ts";
import { mdadm } from "./answers/mdadm.ts";
import { mounts } from "./answers/mounts.ts";
import { nut } from "./answers/nut.ts";
import { packages } from "./answers/packages.ts";
import { podman } from "./answers/podman.ts";
import { restic } from "./answers/restic.ts";
import { smart } from "./answers/smart.ts";
import { systemd } from "./answers/systemd.ts";
import { type Answer, complain, type Program, type Surroundings, say, type Tool } from "./answers/tool.ts";
import { zfs } from "./answers/zfs.ts";
import { createFileTree, type FileTree } from "./file-tree.ts";
import { runScript } from "./jobs.ts";
import { scriptOf } from "./our-scripts.ts";
import { createSimulatedShell } from "./shell.ts";
import type { SimulatedHost } from "./state.ts";

/** Programs that run others, and those that need all the files. */
const common: Tool = {
  isOn: () => true,
  programs: {
    "/usr/bin/true": () => say(""),
    ...coreutils((surroundings) => filesOn(surroundings)),
    "/usr/bin/sh": (args, surroundings) => {
      const script = args[0] === "-c" ? scriptOf(args[1] ?? "") : undefined;
      if (script)
        return script(args.slice(3), surroundings, (argv, more) =>
          runProgram(argv, { ...surroundings, ...more }),
        );
      return runScript(args, surroundings, (command, environment) =>
        createSimulatedShell({
          run: (argv) => runProgram(argv, { ...surroundings, environment, input: "" }),
          call: () => "",
        })(command),
      );
    },
    // Of our own: nothing of it is seen elsewhere anyhow.
    "/usr/bin/unshare": (args, surroundings) =>
      surroundings.user === "root" && args[0] === "-m"
        ? runProgram(args.slice(1), surroundings, "unshare: failed to execute")
        : complain(1, "unshare: unshare failed: Operation not permitted\n"),
    "/usr/bin/timeout": (args, surroundings) => {
      const [, seconds = ""] = args[0] === "-k" ? args.slice(1) : ["", ...args];
      const command = args.slice(args[0] === "-k" ? 3 : 1);
      if (!/^\d+$/.test(seconds)) return complain(125, `timeout: invalid time interval '${seconds}'\n`);
      return runProgram(command, surroundings, "timeout: failed to run command");
    },
    "/usr/bin/env": (args, surroundings) => {
      const first = args.findIndex((arg) => !/^\w+=/.test(arg));
      return runProgram(first < 0 ? ["true"] : args.slice(first), surroundings, "env:");
    },
    "/usr/bin/setpriv": (args, surroundings) => {
      if (surroundings.user !== "root")
        return complain(1, "setpriv: setresuid failed: Operation not permitted\n");
      const uid = Number(args[args.indexOf("--reuid") + 1]);
      const user = surroundings.host.persons.find((each) => each.uid === uid)?.name;
      const command = args.slice(args.findIndex((arg, at) => at > 3 && !arg.startsWith("--")));
      return user === undefined
        ? complain(1, "setpriv: no such user\n")
        : runProgram(command, { ...surroundings, user }, "setpriv:");
    },
    // The login may do everything without a password.
    "/usr/bin/sudo": (args, surroundings) => {
      const rest = args[0] === "-n" ? args.slice(1) : args;
      const user = rest[0] === "-u" ? (rest[1] ?? "") : "root";
      const isKnown = user === "root" || surroundings.host.persons.some(({ name }) => name === user);
      if (!isKnown)
        return complain(
          1,
          `sudo: unknown user ${user}\nsudo: error initializing audit plugin sudoers_audit\n`,
        );
      return runProgram(rest[0] === "-u" ? rest.slice(2) : rest, { ...surroundings, user }, "sudo:");
    },
  },
  files: ({ host }) => [...host.files].map(([path, { text }]) => [path, () => text]),
};

const tools = [
  base,
  common,
  packages,
  systemd,
  journal,
  podman,
  docker,
  mounts,
  blockdevices,
  mdadm,
  btrfs,
  zfs,
  smart,
  nut,
  restic,
];

/** What is in the PATH of a host: name → where it is, and what it does. */
export const programsOn = (host: SimulatedHost): ReadonlyMap<string, readonly [path: string, run: Program]> =>
  new Map(
    toolsOn(host).flatMap(({ programs }) =>
      Object.entries(programs).map(([path, run]) => [
        path.slice(path.lastIndexOf("/") + 1),
        [path, run] as const,
      ]),
    ),
  );

const toolsOn = (host: SimulatedHost) => tools.filter((tool) => tool.isOn(host));

export const filesOn = (surroundings: Surroundings): FileTree =>
  createFileTree(toolsOn(surroundings.host).flatMap(({ files }) => [...(files?.(surroundings) ?? [])]));

/** As strict as a real host: what was never installed is not found. */
export function runProgram(argv: readonly string[], surroundings: Surroundings, who = "/bin/sh: 1:"): Answer {
  const [name = "", ...args] = argv;
  const path = name.startsWith("/") ? name : undefined;
  const found = programsOn(surroundings.host).get(name.slice(name.lastIndexOf("/") + 1));
  if (!found || (path !== undefined && found[0] !== path))
    return complain(
      127,
      who.startsWith("/bin/sh")
        ? `${who} ${name}: not found\n`
        : `${who} ‘${name}’: No such file or directory\n`,
    );
  return found[1](args, surroundings);
}
