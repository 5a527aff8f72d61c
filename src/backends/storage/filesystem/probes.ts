import type { Output } from "../../../command/command.ts";
import { CommandFailed } from "../../../errors.ts";
import { expectExit, failureOf, parseLines, unreadable } from "../../parse.ts";
import { defineProbe, type Probe } from "../../probe.ts";
import { mountsProbe } from "../mounts.ts";

export const mounts = mountsProbe("filesystem", 30_000);

/** What statfs(2) says of one file system. */
export interface Space {
  readonly mountpoint: string;
  readonly sizeBytes: number;
  readonly usedBytes: number;
  /** To those who are not root. */
  readonly availableBytes: number;
  /** Absent where they are made as needed. */
  readonly inodes?: number;
  readonly inodesUsed?: number;
}

/** Understood by coreutils and BusyBox alike. The name comes last: it may have blanks. */
const format = "%S %b %f %a %c %d %n";

export interface Spaces {
  readonly spaces: readonly Space[];
  /** Mount points that were asked for and that the login may not see. */
  readonly hidden: readonly string[];
  /** It was asked and said nothing until the time was up. */
  readonly isSilent?: true;
}

/** The space of all local file systems at once. */
export const localSpace = (mountpoints: readonly string[]): Probe<Spaces> =>
  defineProbe({
    id: "filesystem.space",
    question: { argv: ["stat", "-f", "-c", format, "--", ...mountpoints] },
    freshMs: 60_000,
    sees: "space of the file systems",
    parse: (output) => {
      const spaces = toSpaces(output);
      // It exits with 1 when one of several could not be seen.
      if (spaces.length === 0) throw new CommandFailed(failureOf(output));
      const seen = new Set(spaces.map(({ mountpoint }) => mountpoint));
      return { spaces, hidden: mountpoints.filter((mountpoint) => !seen.has(mountpoint)) };
    },
  });

/** The space of one that a server or a process answers for. It has a short time of its own. */
export const remoteSpace = (mountpoint: string): Probe<Spaces> =>
  defineProbe({
    id: "filesystem.remote",
    item: mountpoint,
    question: { argv: ["stat", "-f", "-c", format, "--", mountpoint], timeoutMs: 3000 },
    freshMs: 60_000,
    sees: `space of ${mountpoint}`,
    // 124 and 137 are from timeout(1).
    parse: (output) =>
      output.exitCode === 124 || output.exitCode === 137
        ? { spaces: [], hidden: [], isSilent: true }
        : { spaces: toSpaces(expectExit(output)), hidden: [] },
  });

function toSpaces({ stdout }: Output): Space[] {
  return parseLines(stdout).map((line) => {
    const [, block, blocks, free, available, inodes, inodesFree, mountpoint] =
      /^(\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\/.*)$/.exec(line) ?? [];
    if (mountpoint === undefined) throw unreadable("Not the space of a file system", line);
    return {
      mountpoint,
      sizeBytes: Number(block) * Number(blocks),
      usedBytes: Number(block) * (Number(blocks) - Number(free)),
      availableBytes: Number(block) * Number(available),
      ...(inodes === "0" ? {} : { inodes: Number(inodes), inodesUsed: Number(inodes) - Number(inodesFree) }),
    };
  });
}
