import { createHash } from "node:crypto";
import type { FileTree } from "../file-tree.ts";
import type { StoredFile } from "../state.ts";
import { statFilesystems } from "./mounts.ts";
import {
  type Answer,
  complain,
  isAsked,
  lines,
  operandsOf,
  optionOf,
  type Program,
  type Surroundings,
  say,
} from "./tool.ts";

/** Programs that look at files, whoever put them there. */
export const coreutils = (
  filesOn: (surroundings: Surroundings) => FileTree,
): Readonly<Record<string, Program>> => ({
  "/usr/bin/ls": (args, surroundings) => {
    if (args[0] !== "-d") return complain(2, "ls: only -d is simulated\n");
    const { isThere } = filesOn(surroundings);
    const there = operandsOf(args).filter(isThere);
    return each(
      operandsOf(args),
      (path) => (there.includes(path) ? path : undefined),
      (path) => `ls: cannot access '${path}': No such file or directory`,
      2,
    );
  },
  "/usr/bin/cat": (args, surroundings) => {
    const content = filesOn(surroundings).read(args[0] ?? "");
    return content === undefined ? complain(1, `cat: ${args[0]}: No such file or directory\n`) : say(content);
  },
  "/usr/bin/head": (args, surroundings) => {
    const [path = ""] = operandsOf(args);
    const content = filesOn(surroundings).read(path);
    if (!isAsked(args, "-c", "*", "--", "*")) return complain(1, "head: only -c is simulated\n");
    return content === undefined
      ? complain(1, `head: cannot open '${path}' for reading: No such file or directory\n`)
      : say(content.slice(0, Number(args[1])));
  },
  "/usr/bin/sha256sum": (args, surroundings) => {
    const { read } = filesOn(surroundings);
    return each(
      operandsOf(args),
      (path) => {
        const content = read(path);
        return content === undefined ? undefined : `${sha256(content)}  ${path}`;
      },
      (path) => `sha256sum: ${path}: No such file or directory`,
    );
  },
  "/usr/bin/stat": (args, surroundings) => {
    if (args.includes("-f")) return statFilesystems(args, surroundings);
    const format = optionOf(args, "-c");
    if (format === undefined) return complain(1, "stat: only -c is simulated\n");
    const { read } = filesOn(surroundings);
    return each(
      operandsOf(args),
      (path) => {
        if (read(path) === undefined) return undefined;
        const { mode, owner } = surroundings.host.files.get(path) ?? ofSystem;
        const [uid = "", gid = ""] = owner.split(":");
        return format.replace("%a", mode).replace("%u", uid).replace("%g", gid).replace("%n", path);
      },
      (path) => `stat: cannot statx '${path}': No such file or directory`,
    );
  },
  "/usr/bin/test": (args, surroundings) => {
    const { isThere, read } = filesOn(surroundings);
    const words = args.join(" ");
    const [, folder = "/", , gone] = /^-d (\S+)( -a ! -e (\S+))?$/.exec(words) ?? [];
    if (isAsked(args, "-e", "*")) return exit(isThere(args[1] ?? ""));
    if (isAsked(args, "!", "-e", "*")) return exit(!isThere(args[2] ?? ""));
    if (/^-d /.test(words))
      return exit(isThere(folder) && read(folder) === undefined && (!gone || !isThere(gone)));
    return complain(2, `test: ${words}: not simulated\n`);
  },
  "/usr/bin/grep": (args, { host }) => {
    if (!isAsked(args, "-rhs", ".", "*")) return complain(2, "grep: only -rhs . is simulated\n");
    const below = [...host.files].filter(([path]) => path.startsWith(`${args[2]}/`));
    if (below.length === 0) return complain(2, "");
    return say(lines(below.flatMap(([, { text }]) => text.split("\n").filter((line) => line !== ""))));
  },
});

const ofSystem: Omit<StoredFile, "text"> = { mode: "644", owner: "0:0" };

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const exit = (isSo: boolean): Answer => ({ exitCode: isSo ? 0 : 1, stdout: "", stderr: "" });

/** A line for each that is there, and what is wrong with the others. */
function each(
  paths: readonly string[],
  tell: (path: string) => string | undefined,
  miss: (path: string) => string,
  exitCode = 1,
): Answer {
  const told = paths.map((path) => [path, tell(path)] as const);
  const missing = told.filter(([, line]) => line === undefined);
  return {
    exitCode: missing.length === 0 ? 0 : exitCode,
    stdout: lines(told.flatMap(([, line]) => line ?? [])),
    stderr: lines(missing.map(([path]) => miss(path))),
  };
}
