import * as z from "zod";
import { known } from "../../known.ts";
import { parseJson } from "../../parse.ts";
import { firstSentence, type Pool, type Scan, type Vdev } from "./pool.ts";

// With -p numbers come as strings, exact; with --json-int GUIDs would come out wrong.
const number = z.coerce.number().catch(0);

const vdev: z.ZodType<Vdev> = z
  .object({
    name: z.string(),
    path: z.string().optional(),
    was: z.string().optional(),
    state: z.string(),
    read_errors: number,
    write_errors: number,
    checksum_errors: number,
    get vdevs() {
      return z.record(z.string(), vdev).default({});
    },
  })
  .transform(({ name, path, was, state, vdevs, ...errors }) => ({
    // One that is gone has a number for a name.
    name: /^\d+$/.test(name) ? (was ?? path ?? name) : name,
    // The same in the words of the status for people.
    state: state === "CANT_OPEN" ? "UNAVAIL" : state,
    errors: { read: errors.read_errors, write: errors.write_errors, checksum: errors.checksum_errors },
    children: Object.values(vdevs),
  }));
const vdevs = z.record(z.string(), vdev).default({});

const scan = z
  .object({
    function: z.string(),
    state: z.string(),
    end_time: number,
    to_examine: number,
    skipped: number,
    issued: number,
  })
  .transform(
    ({ function: doing, state, end_time, to_examine, skipped, issued }): Scan =>
      known({
        doing: doing === "RESILVER" ? "resilver" : "scrub",
        isRunning: state === "SCANNING",
        doneRatio: to_examine > skipped ? Math.min(1, issued / (to_examine - skipped)) : undefined,
        endedAt: end_time > 0 ? new Date(end_time * 1000).toISOString() : undefined,
      }),
  );

const pool = z
  .object({
    name: z.string(),
    state: z.string(),
    status: z.string().nullish(),
    msgid: z.string().nullish(),
    error_count: number,
    scan_stats: scan.nullish(),
    vdevs,
    logs: vdevs,
    special: vdevs,
    dedup: vdevs,
    l2cache: vdevs,
    spares: vdevs,
  })
  .transform(
    ({ name, state, status, msgid, error_count, scan_stats, ...tree }): Pool =>
      known({
        name,
        state,
        fault: status && msgid ? firstSentence(status) : undefined,
        scan: scan_stats ?? undefined,
        dataErrors: error_count,
        vdevs: Object.values(tree.vdevs).flatMap(({ children }) => children),
        beside: [tree.dedup, tree.special, tree.logs, tree.l2cache, tree.spares].flatMap(Object.values<Vdev>),
      }),
  );

/** `zpool status -j -p`, since OpenZFS 2.3. */
export const parseStatusJson = (text: string): readonly Pool[] =>
  Object.values(parseJson(text, z.object({ pools: z.record(z.string(), pool).default({}) })).pools);
