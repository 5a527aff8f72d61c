import type { Backend } from "../backends/contract.ts";
import { keyOf, type Observation, type Probe } from "../backends/probe.ts";
import { Failure, UnreachableError } from "../errors.ts";
import type { CheckResult, HostState } from "../model/state.ts";
import type { Link } from "../transport/transport.ts";
import { keepAnswer } from "./answers.ts";
import { ask, failed } from "./asking.ts";
import { createLookout } from "./look.ts";
import { createSchedule } from "./schedule.ts";

/** A health check of a declared service, ready to be run on the host where the service is. */
export interface Check {
  readonly key: string;
  readonly freshMs: number;
  /** Resolves with what became of it; rejects with a `Failure` when it could not be tried. */
  readonly run: (link: Link, signal: AbortSignal) => Promise<CheckResult>;
}

export interface HostCollector {
  /** Asks everything that is due and follows up until nothing new is due. Never rejects but for a bug. */
  readonly round: (signal: AbortSignal) => Promise<void>;
  /** When the next answer grows old, in ms since the epoch. Infinity when nothing will by itself. */
  readonly nextDueAt: () => number;
  /** From now on everything is due, whatever was answered. */
  readonly forget: () => void;
}

interface Options {
  readonly link: Link;
  readonly backends: readonly Backend[];
  /** Answers stay fresh at least that long, whatever their probe says. */
  readonly minFreshMs: number;
  readonly get: () => HostState;
  readonly update: (change: (host: HostState) => HostState) => void;
  /** The checks to run on this host in the light of what is known now. */
  readonly checks: () => readonly Check[];
}

type Job = (signal: AbortSignal) => Promise<void>;

/** Keeps the answers of one host fresh. Parses nothing and decides nothing about what the answers mean. */
export function createHostCollector({
  link,
  backends,
  minFreshMs,
  get,
  update,
  checks,
}: Options): HostCollector {
  const schedule = createSchedule(minFreshMs);
  const lookout = createLookout(link, backends, { get, update, onNewConnection: schedule.forget });

  async function round(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    try {
      await link.open();
      await lookout.look();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!(error instanceof UnreachableError)) update((host) => ({ ...host, lookFailed: error }));
      return;
    }
    const running = new Set<Promise<void>>();
    const bugs: unknown[] = [];
    for (;;) {
      if (signal.aborted || link.state().status !== "up") break;
      const probes = dueProbes();
      // What to check, and in which container, all probes tell together: checks begin when no probe is due or under way.
      for (const job of running.size === 0 && probes.length === 0 ? dueChecks() : probes) {
        const run = job(signal)
          .catch((bug: unknown) => void bugs.push(bug))
          .finally(() => running.delete(run));
        running.add(run);
      }
      if (running.size === 0) break;
      // Whoever is first may bring new questions: a list brings one for each of its items.
      await Promise.race(running);
      if (bugs.length > 0) throw bugs[0];
    }
    await Promise.all(running);
    if (bugs.length > 0) throw bugs[0];
  }

  const probesOf = (backend: Backend): readonly Probe<unknown>[] => {
    const state = get().backends.get(backend.id);
    return state?.detection.present ? state.probes : [];
  };

  const dueProbes = (): Job[] =>
    backends.flatMap((backend) =>
      probesOf(backend)
        .filter((probe) => schedule.isDue(keyOf(probe)))
        .map((probe) => () => askProbe(backend, probe)),
    );

  function dueChecks(): Job[] {
    const ready = checks();
    // Of what is asked no more, nothing is due.
    const probes = backends.flatMap((backend) => probesOf(backend).map(keyOf));
    schedule.keepOnly(new Set([...probes, ...ready.map(({ key }) => key)]));
    return ready
      .filter(({ key }) => schedule.isDue(key))
      .map((check) => (signal: AbortSignal) => runCheck(check, signal));
  }

  const askProbe = (backend: Backend, probe: Probe<unknown>) => {
    const key = keyOf(probe);
    return schedule.ask(key, probe.freshMs, async () => {
      const before = get().backends.get(backend.id)?.answers.get(key) ?? { status: "unasked" };
      const observation = await ask(link, probe, before);
      // A cut connection says nothing about the question: what was known stays, with its age.
      const isCut = observation.status === "failed" && observation.error instanceof UnreachableError;
      if (!isCut || before.status === "unasked")
        update((host) => keepAnswer(host, backend, key, observation));
      return observation;
    });
  };

  const runCheck = (check: Check, signal: AbortSignal) =>
    schedule.ask(check.key, check.freshMs, async () => {
      const before = get().checks.get(check.key) ?? { status: "unasked" };
      const observation = await check.run(link, signal).then(
        (fact): Observation<CheckResult> => ({ status: "known", fact, at: new Date() }),
        (error: unknown) => failed(error, before),
      );
      update((host) => ({ ...host, checks: new Map(host.checks).set(check.key, observation) }));
      return observation;
    });

  return { round, nextDueAt: schedule.nextDueAt, forget: schedule.forget };
}
