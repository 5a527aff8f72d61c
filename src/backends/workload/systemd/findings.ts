import type { Finding } from "../../resource.ts";
import type { UnitDetails } from "./details.ts";
import type { ListedUnit } from "./probes.ts";

/** What two answers and the clock tell about one unit. */
export interface Evidence {
  readonly unit: ListedUnit;
  readonly details?: UnitDetails | undefined;
  readonly before?: UnitDetails | undefined;
  /** What the host's clock from boot showed when `details` were answered. */
  readonly nowMs?: number | undefined;
  /** What has started it, and is up still. */
  readonly wantedBy?: string | undefined;
}

/** So many automatic restarts, the last just now, are a loop even for who looks only once. */
const loopRestarts = 3;
const justNowMs = 60_000;
const latelyMs = 300_000;

export function findingsOf(evidence: Evidence): readonly Finding[] {
  const { unit, details } = evidence;
  if (unit.active === "failed") {
    const when = details?.since === undefined ? "" : ` at ${toWords(details.since)}`;
    const message = `failed${when}: ${reasonOf(details) ?? "no reason is known"}`;
    return [{ severity: "failed", message, ...sinceOf(details) }];
  }
  if (unit.load === "error" || unit.load === "bad-setting")
    return [{ severity: "failed", message: `its unit file cannot be loaded (${unit.load})` }];
  const finding = restartsOf(evidence) ?? stoppedOf(evidence);
  return finding ? [finding] : [];
}

const sinceOf = (details: UnitDetails | undefined) =>
  details?.since === undefined ? {} : { since: details.since };

/** Only of what would have been started again whatever its end: somebody stopped it. Of others, an end is an end. */
function stoppedOf({ unit, details, wantedBy }: Evidence): Finding | undefined {
  const { restart, since } = details ?? {};
  return unit.active === "inactive" && restart === "always" && since !== undefined && wantedBy !== undefined
    ? { severity: "warning", message: `was stopped at ${toWords(since)}, though ${wantedBy} wants it`, since }
    : undefined;
}

function restartsOf({ unit, details, before, nowMs }: Evidence): Finding | undefined {
  const waits = unit.sub.startsWith("auto-restart");
  const count = details?.restarts ?? 0;
  const grown = before?.restarts === undefined ? 0 : count - before.restarts;
  const age =
    details?.startedMs === undefined || nowMs === undefined
      ? Number.POSITIVE_INFINITY
      : nowMs - details.startedMs;
  // It may have been started again between the two answers: then there is no reason any more.
  const reason = waits ? reasonOf(details) : undefined;
  const last = reason === undefined ? "" : `: ${reason}`;
  if (count >= loopRestarts && (waits || grown > 0 || age < justNowMs))
    return {
      severity: "failed",
      message: `restarts again and again, ${count} times so far${last}`,
    };
  if (waits) return { severity: "warning", message: `ended, and waits to be restarted${last}` };
  if (count > 0 && (grown > 0 || age < latelyMs))
    return {
      severity: "warning",
      message: `was restarted within the last minutes because it ended, ${times(count)} so far`,
    };
  return undefined;
}

const times = (count: number) => (count === 1 ? "once" : `${count} times`);

/** `Result=` of systemd.service(5) in words. */
const results: Readonly<Record<string, string>> = {
  "start-limit-hit": "it ended too often and is no longer restarted",
  timeout: "it took too long",
  watchdog: "it stopped answering its watchdog",
  "oom-kill": "it was killed because memory ran out",
  protocol: "it did not tell how it is, as its type demands",
  resources: "it could not be set up",
  "exec-condition": "its condition to run was not met",
};

/** Of systemd.exec(5): what could go wrong before the program ran. */
const beforeRunning: Readonly<Record<number, string>> = {
  200: "its working directory is not there",
  203: "its program could not be started",
  216: "its group does not exist",
  217: "its user does not exist",
  226: "its namespaces could not be set up",
};

function reasonOf(details: UnitDetails | undefined): string | undefined {
  const ended = endOf(details);
  const result = details?.result ?? "";
  const known = results[result];
  if (known !== undefined) return ended === undefined ? known : `${known} (${ended})`;
  if (ended !== undefined) return ended;
  return result === "" || result === "success" ? undefined : `result ${result}`;
}

function endOf(details: UnitDetails | undefined): string | undefined {
  const { exitCode, exitStatus } = details ?? {};
  if (!exitStatus) return undefined;
  if (exitCode === 3) return `crashed with signal ${exitStatus} and left a core dump`;
  if (exitCode === 2) return `killed by signal ${exitStatus}`;
  if (exitCode !== 1) return undefined;
  const killed = exitStatus > 128 && exitStatus <= 192 ? `as after signal ${exitStatus - 128}` : undefined;
  const why = beforeRunning[exitStatus] ?? killed;
  return `exit status ${exitStatus}${why === undefined ? "" : `, ${why}`}`;
}

/** `2026-11-20T19:41:22Z` → `2026-11-20 19:41 UTC`. */
const toWords = (iso: string) => `${iso.slice(0, 16).replace("T", " ")} UTC`;
