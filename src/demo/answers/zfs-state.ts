import type { ZfsDevice, Zpool } from "../state-storage.ts";

/** What both dialects of `zpool status` tell of a pool. */
export interface PoolStatus {
  readonly state: "ONLINE" | "DEGRADED";
  readonly status?: string;
  readonly action?: string;
  readonly scan: { readonly isRunning: boolean; readonly doneRatio: number; readonly leftMs: number };
}

/** The words are those that were recorded. */
export function poolStatusOf({ mirror, scan }: Zpool, now: number): PoolStatus {
  const doneRatio = Math.min(1, Math.max(0, (now - scan.startedAt) / (scan.endsAt - scan.startedAt)));
  const progress = { isRunning: doneRatio < 1, doneRatio, leftMs: Math.max(0, scan.endsAt - now) };
  const isWell = mirror.every(isOnline);
  if (progress.isRunning && scan.doing === "resilver")
    return {
      state: isWell ? "ONLINE" : "DEGRADED",
      scan: progress,
      status:
        "One or more devices is currently being resilvered.  The pool will\n\tcontinue to function, possibly in a degraded state.",
      action: "Wait for the resilver to complete.",
    };
  if (isWell) return { state: "ONLINE", scan: progress };
  return {
    state: "DEGRADED",
    scan: progress,
    status:
      "One or more devices are faulted in response to persistent errors.\n\tSufficient replicas exist for the pool to continue functioning in a\n\tdegraded state.",
    action: "Replace the faulted device, or use 'zpool clear' to mark the device\n\trepaired.",
  };
}

export const isOnline = ({ state, replacement }: ZfsDevice) =>
  state === "ONLINE" && replacement === undefined;
