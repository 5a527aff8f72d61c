import { isDeepStrictEqual } from "node:util";
import type { Backend } from "../backends/contract.ts";
import { factOf, keyOf, type Observation, type Probe, type Seen } from "../backends/probe.ts";
import type { Found } from "../command/answers.ts";
import { type Answers, type BackendState, type HostState, observationsOf } from "../model/state.ts";

export type Answered = Exclude<Observation<unknown>, { status: "unasked" }>;

/** A host's state with what was found there. What its backends were answered before stays. */
export function keepFound(before: HostState, found: Found, backends: readonly Backend[]): HostState {
  const { lookFailed: _, ...rest } = before;
  const host = { ...rest, found };
  const states = backends.map((backend): [string, BackendState] => {
    const known = host.backends.get(backend.id);
    const state: BackendState = {
      detection: backend.detect(found),
      probes: [],
      answers: known?.answers ?? new Map(),
      previous: known?.previous ?? new Map(),
    };
    const probes = state.detection.present ? allProbes(backend, host, state) : [];
    return [backend.id, { ...state, probes }];
  });
  return { ...host, seenAt: new Date(), backends: new Map(states) };
}

/** A host's state with one answer more, and the questions that are to be asked in its light. */
export function keepAnswer(host: HostState, backend: Backend, key: string, now: Answered): HostState {
  const state = host.backends.get(backend.id);
  const { found, places } = host;
  if (!state || !found) return host;
  const before = state.answers.get(key);
  const previous: Answers =
    before?.status === "known" ? new Map(state.previous).set(key, before) : state.previous;
  const answer = shareFact(before, now);
  const answered: BackendState = { ...state, previous, answers: new Map(state.answers).set(key, answer) };
  const after = isSameFact(before, answer)
    ? answered
    : prune({ ...answered, probes: allProbes(backend, { found, places }, answered) });
  return {
    ...host,
    seenAt: now.status === "known" ? new Date() : (host.seenAt ?? now.at),
    backends: new Map(host.backends).set(backend.id, after),
  };
}

/** Then there is nothing else to ask than before. */
const isSameFact = (before: Observation<unknown> | undefined, now: Answered): boolean =>
  before?.status === "known" && now.status === "known" && before.fact === now.fact;

/** The same fact again is the same object: most answers repeat the last one, which is kept as well. */
function shareFact(before: Observation<unknown> | undefined, now: Answered): Answered {
  if (before?.status !== "known" || now.status !== "known") return now;
  return isDeepStrictEqual(before.fact, now.fact) ? { ...now, fact: before.fact } : now;
}

type Ground = Pick<Seen, "found" | "places">;

/** The version comes first: it decides how the rest is worded. */
function allProbes(backend: Backend, host: Ground, state: BackendState): readonly Probe<unknown>[] {
  if (!backend.version) return backend.probes(seen(backend, host, state));
  if (!state.answers.has(keyOf(backend.version))) return [backend.version];
  return [backend.version, ...backend.probes(seen(backend, host, state))];
}

/** What is asked no more, such as a disk that was pulled, is forgotten. */
function prune(state: BackendState): BackendState {
  const keys = new Set(state.probes.map(keyOf));
  const kept = (answers: Answers) => new Map([...answers].filter(([key]) => keys.has(key)));
  return { ...state, answers: kept(state.answers), previous: kept(state.previous) };
}

/** What a backend may look at, from what we keep of it. */
function seen(backend: Backend, { found, places }: Ground, { answers }: BackendState): Seen {
  const observations = observationsOf(answers);
  const version = backend.version && factOf(observations.of(backend.version));
  return {
    found,
    observations,
    ...(places === undefined ? {} : { places }),
    ...(version === undefined ? {} : { version }),
  };
}
