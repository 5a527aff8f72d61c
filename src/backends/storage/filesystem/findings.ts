import type { Finding } from "../../resource.ts";
import { sayBytes, sayRatio } from "../../words.ts";
import type { Mount } from "../mounts.ts";
import type { Space } from "./probes.ts";

const gibibyte = 1024 ** 3;

/** A part that is used, and beside it how little must be left: 95 % of a large disk may leave a lot. */
const failedAt = { ratio: 0.95, leftBytes: 10 * gibibyte };
const warnedAt = { ratio: 0.9, leftBytes: 100 * gibibyte };
const inodesFailedRatio = 0.97;
const inodesWarnedRatio = 0.9;

/** Says when a file system fills up. Full is what `df` calls full: what only root may use counts as used. */
export function findingsOfSpace({ mountpoint, inodes = 0, inodesUsed = 0, ...space }: Space): Finding[] {
  const usable = space.usedBytes + space.availableBytes;
  const ratio = usable === 0 ? 0 : space.usedBytes / usable;
  const left = `${sayBytes(space.availableBytes)} left`;
  const isAt = (limit: typeof failedAt) => ratio >= limit.ratio && space.availableBytes < limit.leftBytes;
  const inodesRatio = inodes === 0 ? 0 : inodesUsed / inodes;
  return [
    ...toFinding(isAt(failedAt), isAt(warnedAt), `${mountpoint} is ${sayRatio(ratio)} full, ${left}`),
    ...toFinding(
      inodesRatio >= inodesFailedRatio,
      inodesRatio >= inodesWarnedRatio,
      `${mountpoint} has used ${sayRatio(inodesRatio)} of its inodes, ${inodes - inodesUsed || "none"} left`,
    ),
  ];
}

function toFinding(isFailed: boolean, isWarned: boolean, message: string): Finding[] {
  if (isFailed) return [{ severity: "failed", message }];
  return isWarned ? [{ severity: "warning", message }] : [];
}

/**
 * The kernel makes a file system read-only after an error, and leaves what was asked for at a mount as it was. One that
 * somebody wanted read-only says so at the mount too.
 */
export const findingsOfMode = ([first, ...others]: readonly [Mount, ...Mount[]]): Finding[] =>
  first.readOnly && [first, ...others].every(({ mountedReadOnly }) => !mountedReadOnly)
    ? [{ severity: "failed", message: `${first.mountpoint} became read-only after an error` }]
    : [];
