import { CommandFailed, Failure } from "../errors.ts";
import type { HealthCheck } from "../inventory/service.ts";
import type { CheckResult } from "../model/state.ts";
import type { Link } from "../transport/transport.ts";
import { sayNoAnswer } from "./check-words.ts";
import { getStatus } from "./http-status.ts";

/** A check that is made through the host's own SSH server, so that no tool is needed there. */
export type Reachable = Exclude<HealthCheck, { kind: "command" }>;

/** Rejects when nobody could find out, such as where forwarding is refused. */
export const reach = (check: Reachable, link: Link, limit: AbortSignal): Promise<CheckResult> =>
  check.kind === "tcp" ? reachPort(check, link, limit) : reachUrl(check, link, limit);

async function reachPort(
  { address, port, timeoutMs }: Reachable & { kind: "tcp" },
  link: Link,
  limit: AbortSignal,
): Promise<CheckResult> {
  const what = `port ${port}${isLoopback(address) ? "" : ` of ${address}`}`;
  return attemptIn(what, timeoutMs, limit, async () => {
    (await link.forward(address, port)).destroy();
    return { passed: true, message: `${what} accepts connections` };
  });
}

async function reachUrl(
  { url, status, insecure, timeoutMs }: Reachable & { kind: "http" },
  link: Link,
  limit: AbortSignal,
): Promise<CheckResult> {
  return attemptIn(url, timeoutMs, limit, async () => {
    const answer = await getStatus(new URL(url), insecure === true, link, limit);
    const passed = status ? status.includes(answer) : answer >= 200 && answer < 400;
    return { passed, message: `${url} answers ${answer}` };
  });
}

/** Only that nothing answers is a result; that we may not ask is not. */
async function attemptIn(
  what: string,
  timeoutMs: number,
  limit: AbortSignal,
  attempt: () => Promise<CheckResult>,
): Promise<CheckResult> {
  let stop = () => {};
  const overdue = new Promise<CheckResult>((resolve) => {
    stop = () => resolve({ passed: false, message: `${what} does not answer within ${timeoutMs / 1000} s` });
    limit.addEventListener("abort", stop, { once: true });
  });
  const tried = attempt().catch((error: unknown): CheckResult => {
    // That nothing listens there is what `CommandFailed` says of a forwarded connection.
    if (error instanceof Failure && !(error instanceof CommandFailed)) throw error;
    if (limit.aborted)
      return { passed: false, message: `${what} does not answer within ${timeoutMs / 1000} s` };
    return { passed: false, message: sayNoAnswer(what, error) };
  });
  try {
    return await Promise.race([tried, overdue]);
  } finally {
    limit.removeEventListener("abort", stop);
  }
}

const isLoopback = (address: string) => ["localhost", "127.0.0.1", "::1"].includes(address);
