import type { Finding } from "../resource.ts";

/** What any engine tells of a container that its health depends on. Absent is what it did not tell. */
export interface ContainerState {
  /** The engine's name, for what we do not understand. */
  readonly engine: string;
  readonly state: string;
  /** Of its own health check: healthy, unhealthy, starting. Empty or absent where it has none. */
  readonly healthcheck?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly endedAt?: string | undefined;
  /** How often the engine started it again by itself. */
  readonly restarts?: number | undefined;
  /** The same, one round earlier. */
  readonly restartsBefore?: number | undefined;
  /** Does the engine start it again whatever its exit code? */
  readonly isKeptUp?: boolean | undefined;
  /** `Up 3 seconds`: by the host's own clock. */
  readonly status?: string | undefined;
  readonly outOfMemory?: boolean | undefined;
  /** Why the engine could not start it. */
  readonly error?: string | undefined;
}

/** So many restarts, the last just now, are a loop even for who looks only once. */
const loopRestarts = 3;

export function findingsOf(container: ContainerState): readonly Finding[] {
  const looping = loopOf(container);
  if (looping) return [looping];
  switch (container.state) {
    case "running":
      return whileRunning(container);
    case "exited":
    case "stopped":
      return isEnd(container) ? [{ ...failed(endOf(container)), ...sinceOf(container) }] : [];
    case "created":
    case "configured":
    case "initialized":
      return isEnd(container) ? [failed(notStarted(container))] : [];
    case "paused":
      return [{ severity: "warning", message: "is paused" }];
    case "dead":
      return [failed("is dead: the engine could not take it away")];
    case "restarting":
      return [{ severity: "warning", message: `waits to be restarted: ${endOf(container)}` }];
    case "stopping":
    case "removing":
      return [];
    default:
      return [
        {
          severity: "unknown",
          message: `${container.engine} calls its state ${JSON.stringify(container.state.slice(0, 40))}`,
        },
      ];
  }
}

const sinceOf = ({ endedAt }: ContainerState) => (endedAt === undefined ? {} : { since: endedAt });

const failed = (message: string): Finding => ({ severity: "failed", message });

const isEnd = ({ exitCode = 0, error = "", outOfMemory = false }: ContainerState) =>
  exitCode !== 0 || error !== "" || outOfMemory;

function loopOf(container: ContainerState): Finding | undefined {
  const { state, restarts = 0, restartsBefore = restarts, isKeptUp = false, status = "" } = container;
  const isJustNow =
    (isKeptUp || state === "running") &&
    /^(Up|Exited \(\d+\)) (less than a second|\d+ seconds?)\b/i.test(status);
  if (restarts >= loopRestarts && (state === "restarting" || isJustNow || restarts > restartsBefore)) {
    const last = state === "running" ? "" : `: ${endOf(container)}`;
    return failed(`restarts again and again, ${restarts} times so far${last}`);
  }
  if (restarts > restartsBefore)
    return { severity: "warning", message: "was restarted a moment ago because it ended" };
  return undefined;
}

function whileRunning({ healthcheck, status = "" }: ContainerState): readonly Finding[] {
  if (healthcheck === "unhealthy") return [failed("runs, but its health check fails")];
  // A check that has no result yet is news only when it stays so.
  if (
    healthcheck === "starting" &&
    /^Up (\d+ (hours?|days?|weeks?|months?|years?)|about an hour)/i.test(status)
  )
    return [{ severity: "warning", message: "runs, but its health check never came to a result" }];
  return [];
}

const notStarted = ({ error = "", exitCode }: ContainerState) =>
  error === ""
    ? `could not be started (exit status ${exitCode})`
    : `could not be started: ${error.slice(0, 300)}`;

function endOf(container: ContainerState): string {
  const { exitCode, endedAt, outOfMemory = false, error = "" } = container;
  if (error !== "") return notStarted(container);
  const signal = exitCode !== undefined && exitCode > 128 && exitCode <= 192 ? exitCode - 128 : undefined;
  const why = outOfMemory ? ", killed because memory ran out" : signal ? `, killed by signal ${signal}` : "";
  const when = endedAt === undefined ? "" : ` at ${endedAt.slice(0, 16).replace("T", " ")} UTC`;
  return `ended with exit status ${exitCode ?? "unknown"}${why}${when}`;
}
