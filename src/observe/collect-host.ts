import { isDeepStrictEqual } from "node:util";
import {
  type Backend,
  factOf,
  keyOf,
  type Observation,
  type Probe,
  type Seen,
} from "../backends/contract.ts";
import { type Found, parseLook } from "../command/answers.ts";
import type { Look } from "../command/command.ts";
import { Failure, UnreachableError } from "../errors.ts";
import {
  type Answers,
  type BackendState,
  type CheckResult,
  type HostState,
  observationsOf,
} from "../model/state.ts";
import type { Link } from "../transport/transport.ts";
import { ask, failed } from "./asking.ts";

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
}

type Answered = Exclude<Observation<unknown>, { status: "unasked" }>;

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

/** Keeps the answers of one host fresh. Parses nothing and decides nothing about what the answers mean. */
export function createHostCollector({
  link,
  backends,
  minFreshMs,
  get,
  update,
  checks,
}: Options): HostCollector {
  const dueAt = new Map<string, number>();
  const pending = new Set<string>();
  const probesIn = new WeakMap<BackendState, readonly Probe<unknown>[]>();
  // Hosts that were asked together would be asked together for ever, and keep one another waiting.
  const pace = 1 + Math.random() / 10;
  let lookedIn: Date | undefined;

  async function round(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    try {
      await link.open();
      await look();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!(error instanceof UnreachableError)) update((host) => ({ ...host, lookFailed: error }));
      return;
    }
    const running = new Set<Promise<void>>();
    const bugs: unknown[] = [];
    for (;;) {
      if (signal.aborted || link.state().status !== "up") break;
      // What to check depends on what all probes tell: it is looked at when they are through, not after each.
      for (const job of running.size === 0 ? [...dueProbes(), ...dueChecks()] : dueProbes()) {
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

  /** Once a connection: behind a new one may be another system. */
  async function look(): Promise<void> {
    const state = link.state();
    if (state.status !== "up" || state.since === lookedIn) return;
    const { stdout } = await link.ask(mergeLooks(backends));
    const found = parseLook(stdout);
    lookedIn = state.since;
    dueAt.clear();
    update(({ lookFailed: _, ...host }) => ({
      ...host,
      found,
      seenAt: new Date(),
      backends: detect(found, host),
    }));
  }

  function detect(found: Found, host: HostState): HostState["backends"] {
    return new Map(
      backends.map((backend) => {
        const before = host.backends.get(backend.id);
        const state: BackendState = {
          detection: backend.detect(found),
          probes: [],
          answers: before?.answers ?? new Map(),
          previous: before?.previous ?? new Map(),
        };
        const probes = state.detection.present ? allProbes(backend, found, state) : [];
        return [backend.id, { ...state, probes }];
      }),
    );
  }

  type Job = (signal: AbortSignal) => Promise<void>;

  const isDue = (key: string) => !pending.has(key) && (dueAt.get(key) ?? 0) <= Date.now();

  function dueProbes(): Job[] {
    const host = get();
    return backends.flatMap((backend) =>
      probesOf(backend, host)
        .filter((probe) => isDue(keyOf(probe)))
        .map((probe) => () => askProbe(backend, probe)),
    );
  }

  function dueChecks(): Job[] {
    const ready = checks();
    forgetOthers(ready);
    return ready
      .filter(({ key }) => isDue(key))
      .map((check) => (signal: AbortSignal) => runCheck(check, signal));
  }

  /** Of what is asked no more, nothing is due. */
  function forgetOthers(ready: readonly Check[]): void {
    const host = get();
    const probes = backends.flatMap((backend) => probesOf(backend, host).map(keyOf));
    const keys = new Set([...probes, ...ready.map(({ key }) => key)]);
    for (const key of dueAt.keys()) if (!keys.has(key)) dueAt.delete(key);
  }

  function probesOf(backend: Backend, host: HostState): readonly Probe<unknown>[] {
    const state = host.backends.get(backend.id);
    if (!state?.detection.present || !host.found) return [];
    const probes = probesIn.get(state) ?? allProbes(backend, host.found, state);
    probesIn.set(state, probes);
    return probes;
  }

  async function askProbe(backend: Backend, probe: Probe<unknown>): Promise<void> {
    const key = keyOf(probe);
    await once(key, probe.freshMs, async () => {
      const before = get().backends.get(backend.id)?.answers.get(key) ?? { status: "unasked" };
      const observation = await ask(link, probe, before);
      // A cut connection says nothing about the question: what was known stays, with its age.
      const isCut = observation.status === "failed" && observation.error instanceof UnreachableError;
      if (!isCut || before.status === "unasked") update((host) => keep(host, backend, key, observation));
      return observation;
    });
  }

  async function runCheck(check: Check, signal: AbortSignal): Promise<void> {
    await once(check.key, check.freshMs, async () => {
      const before = get().checks.get(check.key) ?? { status: "unasked" };
      const observation = await check.run(link, signal).then(
        (fact): Observation<CheckResult> => ({ status: "known", fact, at: new Date() }),
        (error: unknown) => failed(error, before),
      );
      update((host) => ({ ...host, checks: new Map(host.checks).set(check.key, observation) }));
      return observation;
    });
  }

  async function once(key: string, freshMs: number, run: () => Promise<Observation<unknown>>): Promise<void> {
    pending.add(key);
    try {
      const observation = await run();
      const waitMs = Math.max(freshMs, minFreshMs) * pace;
      dueAt.set(key, Date.now() + Math.min(waitMs, retryMs(observation)));
    } finally {
      pending.delete(key);
    }
  }

  function keep(host: HostState, backend: Backend, key: string, now: Answered): HostState {
    const state = host.backends.get(backend.id);
    if (!state || !host.found) return host;
    const before = state.answers.get(key);
    const previous: Answers =
      before?.status === "known" ? new Map(state.previous).set(key, before) : state.previous;
    const answers = new Map(state.answers).set(key, shareFact(before, now));
    const answered: BackendState = { ...state, previous, answers };
    const probes = allProbes(backend, host.found, answered);
    const kept = prune({ ...answered, probes });
    probesIn.set(kept, probes);
    return {
      ...host,
      seenAt: now.status === "known" ? new Date() : (host.seenAt ?? now.at),
      backends: new Map(host.backends).set(backend.id, kept),
    };
  }

  return {
    round,
    nextDueAt: () => {
      const waiting = [...dueAt].filter(([key]) => !pending.has(key)).map(([, at]) => at);
      return Math.min(...waiting, Number.POSITIVE_INFINITY);
    },
  };
}

/** What failed is asked again soon, however long its answer would be fresh; what was cut off, at once almost. */
function retryMs(observation: Observation<unknown>): number {
  if (observation.status !== "failed") return Number.POSITIVE_INFINITY;
  return observation.error instanceof UnreachableError ? 5_000 : 60_000;
}

/** The same fact again is the same object: most answers repeat the last one, which is kept as well. */
function shareFact(before: Observation<unknown> | undefined, now: Answered): Answered {
  if (before?.status !== "known" || now.status !== "known") return now;
  return isDeepStrictEqual(before.fact, now.fact) ? { ...now, fact: before.fact } : now;
}

/** The version comes first: it decides how the rest is worded. */
function allProbes(backend: Backend, found: Found, state: BackendState): readonly Probe<unknown>[] {
  if (!backend.version) return backend.probes(seen(backend, found, state));
  if (!state.answers.has(keyOf(backend.version))) return [backend.version];
  return [backend.version, ...backend.probes(seen(backend, found, state))];
}

/** What is asked no more, such as a disk that was pulled, is forgotten. */
function prune(state: BackendState): BackendState {
  const keys = new Set(state.probes.map(keyOf));
  const kept = (answers: Answers) => new Map([...answers].filter(([key]) => keys.has(key)));
  return { ...state, answers: kept(state.answers), previous: kept(state.previous) };
}

/** What a backend may look at, from what we keep of it. */
function seen(backend: Backend, found: Found, { answers }: BackendState): Seen {
  const observations = observationsOf(answers);
  const version = backend.version && factOf(observations.of(backend.version));
  return { found, observations, ...(version === undefined ? {} : { version }) };
}

/** One question for all that any backend looks for. */
export function mergeLooks(backends: readonly Backend[]): Look {
  const merged = (list: (look: Look) => readonly string[]) => [
    ...new Set(backends.flatMap(({ looksFor }) => list(looksFor))),
  ];
  return { programs: merged(({ programs }) => programs), paths: merged(({ paths }) => paths) };
}
