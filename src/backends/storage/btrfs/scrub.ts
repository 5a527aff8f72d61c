import { known } from "../../known.ts";
import { expectExit, parseNumber, parsePairs, unreadable } from "../../parse.ts";
import { defineProbe, type Probe } from "../../probe.ts";

/** The last scrub of a pool, or the one under way. */
export interface Scrub {
  /** running, finished, aborted, interrupted. Absent when there was none. */
  readonly status?: string;
  readonly startedAt?: string;
  readonly doneRatio?: number;
  readonly leftMs?: number;
  /** Errors for which there was no good copy. */
  readonly uncorrectable: number;
}

/** Times are said without a zone: the host is asked in UTC. */
export const scrub = (mountpoint: string): Probe<Scrub> =>
  defineProbe({
    id: "btrfs.scrub",
    item: mountpoint,
    question: { argv: ["btrfs", "scrub", "status", "--raw", "--", mountpoint], asRoot: true },
    freshMs: 600_000,
    sees: `last scrub of the btrfs pool ${mountpoint}`,
    parse: (output) => {
      const { stdout } = expectExit(output);
      const fields = parsePairs(stdout, ":");
      if (!fields.has("UUID")) throw unreadable("Not the status of a scrub", stdout);
      const percent = /\(([\d.]+)%\)/.exec(fields.get("Bytes scrubbed") ?? "")?.[1];
      return known({
        status: fields.get("Status"),
        startedAt: toTime(fields.get("Scrub started") ?? fields.get("Scrub resumed")),
        doneRatio: percent === undefined ? undefined : Number(percent) / 100,
        leftMs: toMs(fields.get("Time left")),
        uncorrectable: parseNumber(fields.get("Uncorrectable")) ?? 0,
      });
    },
  });

/** `Fri Nov 20 19:50:23 2026` */
function toTime(text: string | undefined): string | undefined {
  const at = new Date(`${text} UTC`);
  return text === undefined || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** `1:02:03` */
function toMs(text: string | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d)$/.exec(text ?? "") ?? [];
  return hours === undefined
    ? undefined
    : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
