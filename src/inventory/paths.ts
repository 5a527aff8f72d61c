import { dirname, join, resolve } from "node:path";

/** A path that was written in a file: `~/` is the home folder, and what is relative starts at the folder of that file. */
export function resolvePath(path: string, file: string, home: string): string {
  if (path === "~") return home;
  return path.startsWith("~/") ? join(home, path.slice(2)) : resolve(dirname(file), path);
}

/** What stands for no configuration at all where an OpenSSH configuration is named, as after `ssh -F`. */
export const noSshConfig = "none";

/** As `resolvePath`, but for the word that is no path. */
export const resolveSshConfig: typeof resolvePath = (path, file, home) =>
  path === noSshConfig ? path : resolvePath(path, file, home);
