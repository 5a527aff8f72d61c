/** What we say to a host: an argv, never a shell string. */
export interface Command {
  readonly argv: readonly [program: string, ...args: string[]];
  /** Needs root: goes through sudo or doas where we are not. */
  readonly asRoot?: boolean;
  /** Needs to be this user, such as the owner of rootless containers. */
  readonly asUser?: User;
  /** The host kills it after this. 10 s when absent. */
  readonly timeoutMs?: number;
  /** More output than this is a failure. 4 MiB when absent. */
  readonly maxBytes?: number;
  /** What it reads on its standard input: never part of its text, and of no argv. Nothing when absent. */
  readonly input?: Input;
}

/**
 * `secret` names where it is kept; only the transport learns what it is. `secrets` go before the text: a line
 * `NAME=value` for each.
 */
export type Input =
  | { readonly secret: `${string}:${string}` }
  | { readonly text: string; readonly secrets?: Secrets };

/** Where what a variable of the environment holds is kept, by the name of the variable. */
export type Secrets = Readonly<Record<string, `${string}:${string}`>>;

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Files to read by the host's shell itself, without starting a program: for /proc and /sys.
 *
 * A path may end in, or contain, `*`. A file that is not there or cannot be read is left out of the answer;
 * a directory is answered as an empty file. `parseFiles` reads the answer.
 *
 * Not for numbers under /proc/sys: the kernel tells them to the first read only, and dash and BusyBox read byte by byte.
 */
export interface Files {
  readonly files: readonly string[];
  /** Only that many lines of each. */
  readonly lines?: number;
}

/** What is there? Programs in the PATH and paths that exist. `parseLook` reads the answer. */
export interface Look {
  readonly programs: readonly string[];
  /** May contain `*`; then the answer holds what it stands for. */
  readonly paths: readonly string[];
}

/** All that a host can be asked. `Files` and `Look` start no program and go the fast way. */
export type Question = Command | Files | Look;

export interface Output {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Half-way between when it was sent and when it was answered, by our clock: what the host's clock is held against. */
  readonly at?: Date;
}

/** How a command gets to be root on a host. `root`: we are. `none`: not at all. */
export type Privilege = "root" | "sudo" | "doas" | "none";

export const defaultTimeoutMs = 10_000;
export const defaultMaxBytes = 4 * 1024 * 1024;

export function command(...argv: Command["argv"]): Command {
  return { argv };
}

export const isCommand = (question: Question): question is Command => "argv" in question;

/** The exact text that a host receives. Dry runs, journals, recordings and the wire use this and nothing else. */
export function toShell(
  question: Question,
  privilege: Privilege = "root",
  time: "limited" | "unlimited" = "limited",
): string {
  if ("files" in question) {
    return ["scrap_read", question.lines ?? 0, ...question.files.map(quotePattern)].join(" ");
  }
  if ("programs" in question) {
    return ["scrap_look", ...question.programs.map(quote), "--", ...question.paths.map(quotePattern)].join(
      " ",
    );
  }
  return toArgv(question, privilege, time).map(quote).join(" ");
}

/**
 * The argv with all that goes before it: becoming somebody else, and the time limit. `unlimited` is for hosts without
 * a `timeout` that understands us, and for what runs until it is told to stop.
 */
export function toArgv(
  { argv, asRoot = false, asUser, timeoutMs }: Command,
  privilege: Privilege,
  time: "limited" | "unlimited" = "limited",
): string[] {
  const seconds = Math.ceil((timeoutMs ?? defaultTimeoutMs) / 1000);
  return [
    ...become(privilege, asRoot, asUser),
    ...(time === "limited" ? ["timeout", "-k", "2", `${seconds}`] : []),
    ...argv,
  ];
}

function become(privilege: Privilege, asRoot: boolean, asUser: User | undefined): string[] {
  if (asUser) {
    if (privilege === "root")
      return [
        "setpriv",
        "--reuid",
        `${asUser.uid}`,
        "--regid",
        `${asUser.gid}`,
        "--init-groups",
        "--reset-env",
      ];
    return privilege === "none" ? [] : [privilege, "-n", "-u", asUser.name];
  }
  if (!asRoot || privilege === "root" || privilege === "none") return [];
  // It hands nothing on of what our shells set, and times are read as those of UTC.
  return privilege === "doas" ? ["doas", "-n", "env", "LC_ALL=C", "TZ=UTC"] : [privilege, "-n"];
}

/** POSIX single quotes: the only form that sh, dash, ash, bash and zsh agree on. */
export function quote(word: string): string {
  if (word.includes("\0")) throw new TypeError("A word with NUL cannot be said to a shell.");
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Quoted but for `*`, which the shell resolves. */
function quotePattern(path: string): string {
  return path
    .split("*")
    .map((part) => (part === "" ? "" : quote(part)))
    .join("*");
}
