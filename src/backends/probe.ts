import type { Found } from "../command/answers.ts";
import type { Output, Question } from "../command/command.ts";
import type { Failure } from "../errors.ts";
import type { Data } from "../inventory/service.ts";

/**
 * A question for a host, and the way to read its answer.
 *
 * `Files` go to the host's fast shell, a `Command` to its slow one. A question must leave the host as it found it, and
 * names the fields it wants where the tool allows: an environment or a secret is never asked for.
 */
export interface Probe<Fact> {
  /** Stable and dotted, `docker.containers`: backend, then what. Names the folder of its recordings. */
  readonly id: string;
  /** Which one, where the same question goes out for each of several things: `/dev/sda`. */
  readonly item?: string;
  readonly question: Question;
  /** How long an answer stays fresh. */
  readonly freshMs: number;
  /** What nobody sees without this answer, for people: "SMART health of /dev/sda". */
  readonly sees: string;
  /**
   * Pure. Gets any exit code, 127 too: what the code means is the tool's business. Throws `UnreadableOutput`, or
   * `CommandFailed` when the tool says that it could not answer, or `Unprivileged`; nothing else. `before` is the last
   * good answer to this question, for one that tells less than that.
   */
  parse(output: Output, before?: Answer<Fact>): Fact;
}

/** What a host said, and when. */
export interface Answer<Fact> {
  readonly fact: Fact;
  readonly at: Date;
}

/**
 * The latest that we know of one question. Absent, empty, failed and unasked are four different things.
 * A failed answer keeps the last good one, with its age. `at` is when the host answered.
 */
export type Observation<Fact> =
  | { readonly status: "unasked" }
  | ({ readonly status: "known" } & Answer<Fact>)
  | { readonly status: "absent"; readonly why: string; readonly at: Date }
  | {
      readonly status: "failed";
      readonly error: Failure;
      readonly at: Date;
      readonly last?: Answer<Fact>;
    };

/** All that one host was asked, by probe. */
export interface Observations {
  readonly of: <Fact>(probe: Probe<Fact>) => Observation<Fact>;
}

/** Absent is an answer, not an error: most hosts lack most tools. */
export type Detection =
  | { readonly present: true; readonly version?: string }
  | { readonly present: false; readonly why: string };

/** What a backend may look at when it chooses its questions. */
export interface Seen {
  /** Of what `looksFor` named, what is there. */
  readonly found: Found;
  /** As `version` parsed it, once it was answered. */
  readonly version?: string;
  readonly observations: Observations;
  /** Where declared services keep data on this host, or may. Absent where none does. */
  readonly places?: readonly Data[];
}

/** The key under which an answer is kept: `smart.disk` or `smart.disk:/dev/sda`. */
export const keyOf = ({ id, item }: Probe<unknown>): string => (item === undefined ? id : `${id}:${item}`);

/** The last good answer, if there was one. */
export function answerOf<Fact>(observation: Observation<Fact>): Answer<Fact> | undefined {
  if (observation.status === "known") return observation;
  return observation.status === "failed" ? observation.last : undefined;
}

/** The fact, if it is known or was known before it failed. */
export const factOf = <Fact>(observation: Observation<Fact>): Fact | undefined => answerOf(observation)?.fact;

/** When the host gave the answer that `factOf` returns. */
export const answeredAt = (observation: Observation<unknown>): Date | undefined => answerOf(observation)?.at;

/** Probes are read by the collector as `Probe<unknown>`; inside a backend they keep their own fact. */
export const defineProbe = <Fact>(probe: Probe<Fact>): Probe<Fact> => probe;
