import { answerOf, type Observation, type Probe } from "../backends/probe.ts";
import { Failure } from "../errors.ts";
import type { Link } from "../transport/transport.ts";

type Answered<Fact> = Exclude<Observation<Fact>, { status: "unasked" }>;

/** Asks one question and turns whatever happens into an observation. Bugs alone are thrown. */
export async function ask<Fact>(
  link: Link,
  probe: Probe<Fact>,
  before: Observation<Fact>,
): Promise<Answered<Fact>> {
  try {
    const output = await link.ask(probe.question);
    const fact = probe.parse(output, answerOf(before));
    return { status: "known", fact, at: output.at ?? new Date() };
  } catch (error) {
    return failed(error, before);
  }
}

/** A failed answer keeps the last good one. */
export function failed<Fact>(error: unknown, before: Observation<Fact>): Answered<Fact> {
  if (!(error instanceof Failure)) throw error;
  const last = answerOf(before);
  const at = new Date();
  return last
    ? { status: "failed", error, at, last: { fact: last.fact, at: last.at } }
    : { status: "failed", error, at };
}
