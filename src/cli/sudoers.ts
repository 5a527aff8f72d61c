import { dirname } from "node:path/posix";
import { parseLook } from "../command/answers.ts";
import { type Command, isCommand, toArgv } from "../command/command.ts";
import { UsageError } from "../errors.ts";
import { seenProbes } from "../model/hosts.ts";
import type { HostState } from "../model/state.ts";
import type { Link } from "../transport/transport.ts";

/**
 * A sudoers fragment for a host that is up. `read`: exactly the questions that need root, without wildcards. `change`:
 * root, and it says so; for doas that is all there is.
 */
export async function sudoers(mode: string, host: HostState, link: Link): Promise<string> {
  const user = host.link.status === "up" ? host.link.access.login.user : undefined;
  if (user === undefined) throw new UsageError(`Who we are on ${host.name} is not known.`);
  if (host.link.status === "up" && host.link.access.privilege === "doas")
    return doasLine(mode, host.name, user);
  const head = `# ${host.name}: install with\n#   visudo -cf FILE && install -m 0440 FILE /etc/sudoers.d/scrap-${mode}\n`;
  if (mode === "change")
    return `${head}# This is root: with it ${user} may do anything on ${host.name}. Changing services needs no less.\n${user} ALL=(ALL:ALL) NOPASSWD: ALL\n`;
  if (mode !== "read") throw new UsageError(`--sudoers: "${mode}" is neither read nor change.`);

  const commands = seenProbes(host)
    .map(({ question }) => question)
    .filter(isCommand)
    .filter(({ asRoot, asUser }) => asRoot || asUser);
  const programs = await lookFor(["timeout", ...commands.map(({ argv: [program] }) => program)], link);
  const time = (await hasTimeout(link)) ? "limited" : "unlimited";
  const rules = commands.map((command) => toRule(user, command, time, programs));
  const lines = [
    "# Exact commands that only read. Some answers bring new questions: run this again once it is installed.",
    ...(commands.some(namesContainers) ? [staleNote] : []),
    `# What they start is found here only, never in a folder of ${user}'s PATH.`,
    `Defaults!${sorted(rules.map(({ program }) => program)).join(", ")} secure_path="${toPath(programs)}"`,
    ...sorted(rules.map(({ text }) => text)),
  ];
  return rules.length === 0
    ? `${head}# Nothing that is asked on ${host.name} needs root.\n`
    : `${head}${lines.join("\n")}\n`;
}

function doasLine(mode: string, host: string, user: string): string {
  if (mode !== "change")
    throw new UsageError(
      `Root on ${host} is had by doas, for which there is no fragment of exact commands: give its password with -K or becomePassword, or see scrap doctor --sudoers change ${host}`,
    );
  return `# ${host}: a line for /etc/doas.conf\n# This is root: with it ${user} may do anything on ${host}. Changing services needs no less.\npermit nopass ${user}\n`;
}

const sorted = (texts: readonly string[]) => [...new Set(texts)].sort();

/** Folders that only root can write to, wherever a distribution puts its programs. */
const systemFolders = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
  "/snap/bin",
  "/run/current-system/sw/bin",
];

/** Where programs are on the host; without those that the user could have put there. */
async function lookFor(programs: readonly string[], link: Link): Promise<ReadonlyMap<string, string>> {
  const names = sorted(programs).filter((program) => !program.includes("/"));
  const { stdout } = await link.ask({ programs: names, paths: [] });
  return new Map([...parseLook(stdout).programs].filter(([, path]) => systemFolders.includes(dirname(path))));
}

const toPath = (programs: ReadonlyMap<string, string>) => {
  const there = new Set([...programs.values()].map(dirname));
  return systemFolders.filter((folder, index) => index < 6 || there.has(folder)).join(":");
};

/** As the transport does: an old BusyBox has a `timeout` without -k, and is asked without. */
async function hasTimeout(link: Link): Promise<boolean> {
  const { exitCode } = await link.ask({ argv: ["timeout", "-k", "1", "1", "true"] });
  return exitCode === 0;
}

/** sudo compares arguments as they are, once those characters that mean something to it are escaped. */
function toRule(
  user: string,
  command: Command,
  time: "limited" | "unlimited",
  programs: ReadonlyMap<string, string>,
): { readonly program: string; readonly text: string } {
  const [first = "", ...words] = toArgv(command, "none", time);
  const program = programs.get(first) ?? (first.startsWith("/") ? first : `/usr/bin/${first}`);
  const argv = [program, ...words].map(escapeWord).join(" ");
  return { program, text: `${user} ALL=(${command.asUser?.name ?? "root"}) NOPASSWD: ${argv}` };
}

/** Podman and Docker are asked about all containers in one go, by their ids. */
const namesContainers = ({ argv }: Command) => argv.some((word) => /^[0-9a-f]{64}$/.test(word));
const staleNote =
  "# Those that name containers by id hold until a container is made anew. Run this again then, or leave them out: what\n# is lost is the restarts and the data of containers. A pattern in their place would allow to inspect anything.";

// What means something to its parser or to fnmatch(3), and nothing else: an escape that it does not know is an error.
const escapeWord = (word: string) => word.replace(/[\\:,=#*?[\]!^ \t]/g, "\\$&");
