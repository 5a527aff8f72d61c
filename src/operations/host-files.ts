import type { Command } from "../command/command.ts";
import { askHost, askHosts, type Planning } from "../plan/planning.ts";

/** A file as it is on a host. */
export interface HostFile {
  readonly sha256: string;
  /** Octal, without leading zeros. */
  readonly mode: string;
  /** `uid:gid`. */
  readonly owner: string;
}

const asRoot = (...argv: Command["argv"]): Command => ({ argv, asRoot: true, timeoutMs: 30_000 });

export const digestCommand = (path: string): Command => asRoot("sha256sum", "--", path);
export const statCommand = (path: string): Command => asRoot("stat", "-c", "%a %u:%g", "--", path);

/** The files that are there, by path. */
export function* lookAtFiles(
  host: string,
  paths: readonly string[],
): Planning<ReadonlyMap<string, HostFile>> {
  if (paths.length === 0) return new Map();
  const [digests, stats] = yield* askHosts([
    { host, command: asRoot("sha256sum", "--", ...paths) },
    { host, command: asRoot("stat", "-c", "%a %u:%g %n", "--", ...paths) },
  ]);
  const digestOf = new Map(
    [...(digests?.stdout ?? "").matchAll(/^([0-9a-f]{64}) [ *](.*)$/gm)].map(([, digest = "", path = ""]) => [
      path,
      digest,
    ]),
  );
  const found = [...(stats?.stdout ?? "").matchAll(/^(\d+) (\d+:\d+) (.*)$/gm)];
  return new Map(
    found.flatMap(([, mode = "", owner = "", path = ""]) => {
      const digest = digestOf.get(path);
      return digest === undefined ? [] : [[path, { sha256: digest, mode, owner }]];
    }),
  );
}

/** What a file of a host says, as far as anybody would compare it. */
export function* readHostFile(host: string, path: string): Planning<string> {
  return (yield* askHost(host, asRoot("head", "-c", "262144", "--", path))).stdout;
}
