import { parseLook } from "../command/answers.ts";
import { type Command, isCommand, toArgv } from "../command/command.ts";
import { UsageError } from "../errors.ts";
import { seenProbes } from "../model/hosts.ts";
import type { HostState } from "../model/state.ts";
import type { Link } from "../transport/transport.ts";

/**
 * A sudoers fragment. `read`: exactly the questions that need root, without wildcards. `change`: root, and it says so.
 */
export async function sudoers(mode: string, host: HostState, link: Link): Promise<string> {
  if (host.link.status !== "up")
    throw new UsageError(`${host.name} is not reachable, so its questions are not known.`);
  const user = host.link.access.login.user;
  if (user === undefined) throw new UsageError(`Who we are on ${host.name} is not known.`);
  const head = `# ${host.name}: install with\n#   visudo -cf FILE && install -m 0440 FILE /etc/sudoers.d/scrap-${mode}\n`;
  if (mode === "change")
    return `${head}# This is root: with it ${user} may do anything on ${host.name}. Changing services needs no less.\n${user} ALL=(ALL:ALL) NOPASSWD: ALL\n`;
  if (mode !== "read") throw new UsageError(`--sudoers: "${mode}" is neither read nor change.`);

  const commands = seenProbes(host)
    .map(({ question }) => question)
    .filter(isCommand);
  const privileged = commands.filter(({ asRoot, asUser }) => asRoot || asUser);
  const { stdout } = await link.ask({ programs: ["timeout"], paths: [] });
  const timeout = systemPath(parseLook(stdout).programs.get("timeout"));
  const rules = [...new Set(privileged.map((command) => rule(user, command, timeout)))].sort();
  return `${head}# Exact commands that only read. Some answers bring new questions: run this again once it is installed.\n${rules.join("\n")}\n`;
}

/** Never a program that the user could have put there. */
const systemPath = (path = "") => (path === "/bin/timeout" ? path : "/usr/bin/timeout");

/** sudo compares arguments as they are, once those characters that mean something to it are escaped. */
function rule(user: string, command: Command, timeout: string): string {
  const [, ...words] = toArgv({ ...command, asRoot: false } as Command, "none");
  return `${user} ALL=(${command.asUser?.name ?? "root"}) NOPASSWD: ${[timeout, ...words.map(escapeWord)].join(" ")}`;
}

// What means something to its parser or to fnmatch(3), and nothing else: an escape that it does not know is an error.
const escapeWord = (word: string) => word.replace(/[\\:,=#*?[\]!^ \t]/g, "\\$&");
