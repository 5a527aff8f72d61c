import type { RunStep } from "../plan/plan.ts";

/** One folder, seen in the place of another. */
export interface Seen {
  readonly from: string;
  readonly at: string;
}

const byDepth = (seen: readonly Seen[]) =>
  seen.toSorted((a, b) => a.at.localeCompare(b.at)).flatMap(({ from, at }) => [from, at]);

/** The same step, to which alone a snapshot is where the live data is: so a repository gets the paths that people know. */
export function seeing(seen: readonly Seen[], step: RunStep): RunStep {
  if (seen.length === 0) return step;
  const { command } = step;
  return {
    ...step,
    command: {
      ...command,
      argv: ["unshare", "-m", "sh", "-c", seeScript, "scrap", ...byDepth(seen), "--", ...command.argv],
    },
  };
}

/** The same step, to which alone the folder `root` holds just these. What it writes anywhere else in it is gone after it. */
export function seeingBelow(root: string, seen: readonly Seen[], step: RunStep): RunStep {
  const { command } = step;
  const argv = ["sh", "-c", rootScript, "scrap", root, ...byDepth(seen), "--", ...command.argv] as const;
  return { ...step, command: { ...command, argv: ["unshare", "-m", ...argv] } };
}

const seeScript = `while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit; shift 2; done; shift; exec "$@"`;

const rootScript = `root=$1; shift; mkdir -p -m 700 /run/scrap "$root" && mount -t tmpfs -o mode=700 scrap "$root" || exit; while [ "$1" != -- ]; do mkdir -p "$root$2" && mount --bind "$1" "$root$2" || exit; shift 2; done; shift; exec "$@"`;
