import { parseNumber, parsePairs, unreadable } from "../../parse.ts";

/** What `systemctl show` tells of a unit. Absent where that kind of unit has none, or it is not set. */
export interface UnitDetails {
  readonly unit: string;
  readonly result?: string;
  /** 1 exited, 2 killed, 3 killed and dumped core: `CLD_*` of waitid(2). */
  readonly exitCode?: number;
  /** The exit status, or the signal when it was killed. */
  readonly exitStatus?: number;
  readonly restarts?: number;
  /** By the clock that counts from boot. */
  readonly startedMs?: number;
  readonly memoryBytes?: number;
  readonly enabled?: string;
  readonly path?: string;
  readonly source?: string;
  readonly since?: string;
  /** `Restart=`: always, on-failure, no … */
  readonly restart?: string;
  /** Units that start it with them. */
  readonly wantedBy?: readonly string[];
}

/** `systemctl show` of several units: blocks of `Key=value`, in its own order. */
export function parseDetails(text: string): readonly UnitDetails[] {
  return text
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== "")
    .map((block) => {
      const pairs = parsePairs(block, "=");
      const unit = pairs.get("Id");
      if (!unit) throw unreadable("A unit without a name", block);
      return compact({
        unit,
        result: pairs.get("Result"),
        exitCode: parseNumber(pairs.get("ExecMainCode")),
        exitStatus: parseNumber(pairs.get("ExecMainStatus")),
        restarts: parseNumber(pairs.get("NRestarts")),
        startedMs: toMs(pairs.get("ExecMainStartTimestampMonotonic")),
        memoryBytes: toBytes(pairs.get("MemoryCurrent")),
        enabled: pairs.get("UnitFileState"),
        path: pairs.get("FragmentPath"),
        source: pairs.get("SourcePath"),
        since: parseTimestamp(pairs.get("StateChangeTimestamp")),
        restart: pairs.get("Restart"),
        wantedBy: [pairs.get("WantedBy"), pairs.get("RequiredBy")].flatMap(
          (names) => names?.split(" ").filter((name) => name !== "") ?? [],
        ),
      });
    });
}

/** Without what is not known, so that it reads as absent everywhere. */
function compact(details: { [Key in keyof UnitDetails]-?: UnitDetails[Key] | undefined }): UnitDetails {
  const known = Object.entries(details).filter(([, value]) => value !== undefined && value !== "");
  return { unit: details.unit ?? "", ...Object.fromEntries(known) };
}

const toMs = (text: string | undefined) => {
  const microseconds = parseNumber(text);
  return microseconds ? microseconds / 1000 : undefined;
};

/** Older ones say 2^64-1 for not set. */
const toBytes = (text: string | undefined) => {
  const bytes = parseNumber(text);
  return bytes !== undefined && bytes < 2 ** 60 ? bytes : undefined;
};

/** `Fri 2026-11-20 19:41:22 UTC`, as we set the time zone. */
function parseTimestamp(text: string | undefined): string | undefined {
  const [, day, time] = /^\w+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? UTC$/.exec(text ?? "") ?? [];
  return day === undefined ? undefined : `${day}T${time}Z`;
}
