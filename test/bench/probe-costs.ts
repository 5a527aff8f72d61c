import { keyOf, type Probe } from "../../src/backends/probe.ts";
import { shellFunctions } from "../../src/command/answers.ts";
import { isCommand, toShell } from "../../src/command/command.ts";
import type { Access, Link } from "../../src/transport/transport.ts";

/** What one question costs a host. */
export interface ProbeCost {
  readonly key: string;
  readonly isFast: boolean;
  /** Of user and system together, with all that was started and waited for. Not what a daemon did for it. */
  readonly cpuMs: number;
  readonly freshMs: number;
}

/**
 * Asks the host itself: its shell does the exact words of each probe so many times, and `times` tells what that took.
 * Not a part of any watching: the words come through the slow shell, one probe after the other.
 */
export async function measureProbes(
  link: Link,
  access: Access,
  probes: readonly Probe<unknown>[],
  rounds: number,
): Promise<readonly ProbeCost[]> {
  const costs: ProbeCost[] = [];
  for (const probe of probes) {
    const { question, freshMs } = probe;
    const isFast = !isCommand(question);
    const text = isFast ? toShell(question) : toShell(question, privilegeFor(access, question));
    let times = rounds;
    let spentMs = await spend(link, text, times);
    // The clock has hundredths of a second.
    for (; spentMs < leastMs && times < rounds * 100; times *= 10)
      spentMs = await spend(link, text, times * 10);
    costs.push({ key: keyOf(probe), isFast, cpuMs: spentMs / times, freshMs });
  }
  return costs.toSorted((a, b) => b.cpuMs - a.cpuMs);
}

const leastMs = 100;

async function spend(link: Link, text: string, times: number): Promise<number> {
  const loop = `bench_i=0; while [ $bench_i -lt ${times} ]; do ${text}; bench_i=$((bench_i+1)); done </dev/null >/dev/null 2>&1`;
  const script = `${shellFunctions}\n${loop}\ntimes`;
  const { stdout } = await link.ask({ argv: ["sh", "-c", script], timeoutMs: 240_000 });
  return toMs(stdout);
}

/** As the transport words it: with sudo only where it is needed. */
function privilegeFor(
  { login, privilege }: Access,
  { asRoot, asUser }: { readonly asRoot?: boolean; readonly asUser?: { readonly uid: number } },
): Access["privilege"] {
  return (asUser ? asUser.uid === login.uid : !asRoot) ? "none" : privilege;
}

/** `0m0.010000s 0m0.020000s` twice, of the shell and of its children: all together. */
function toMs(times: string): number {
  const parts = [...times.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
}

/** CPU seconds in an hour, when it is asked again as soon as the answer is old, and not before `minFreshMs`. */
export const perHour = ({ cpuMs, freshMs }: ProbeCost, minFreshMs: number): number =>
  (cpuMs * 3600) / Math.max(freshMs, minFreshMs);

/** One line a probe, the dearest first. */
export function formatCosts(costs: readonly ProbeCost[], minFreshMs: number): readonly string[] {
  return costs
    .toSorted((a, b) => perHour(b, minFreshMs) - perHour(a, minFreshMs))
    .map((cost) => {
      const every = Math.max(cost.freshMs, minFreshMs) / 1000;
      const hour = `${perHour(cost, minFreshMs).toFixed(2).padStart(7)} CPU s an hour`;
      return `  ${hour}  ${cost.cpuMs.toFixed(2).padStart(8)} ms every ${`${every}`.padStart(5)} s  ${cost.isFast ? "fast" : "slow"}  ${cost.key}`;
    });
}
