import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { backends } from "../../src/backends/registry.ts";
import { mergeLooks } from "../../src/observe/look.ts";

/** Can this process hide files from those that it starts? */
export const canHide = (): boolean => spawnSync("unshare", ["--mount", "true"]).status === 0;

/**
 * The command line that starts a program to which this machine looks bare: the tools that backends look for are not
 * there, and the home folder is empty, so that nobody's `.bashrc` is a part of what is timed.
 */
export const bare = (argv: readonly string[], emptyFolder: string): readonly string[] => [
  "unshare",
  "--mount",
  "--",
  "sh",
  "-c",
  // Where a device is, a shell finds no program.
  'mount --bind "$1" "$2" || exit; shift 2; while [ "$1" != -- ]; do mount --bind /dev/null "$1" || exit; shift; done; shift; exec "$@"',
  "sh",
  emptyFolder,
  homedir(),
  ...toolsHere(),
  "--",
  ...argv,
];

function toolsHere(): readonly string[] {
  const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  const tools = mergeLooks(backends).programs.flatMap((program) =>
    folders.map((folder) => join(folder, program)).filter((path) => existsSync(path)),
  );
  // A program that is many must stay, such as BusyBox.
  return [
    ...new Set(
      tools
        .filter((path) => basename(realpathSync(path)) === basename(path))
        .map((path) => realpathSync(path)),
    ),
  ];
}
