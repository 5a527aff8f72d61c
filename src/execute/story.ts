// What is read from the journal while it grows.
import { type Failure, InDoubt, TimedOut, UnreachableError } from "../errors.ts";
import { type Operation, toOperation } from "../journal/operation.ts";
import type { Outcome } from "../journal/record.ts";
import type { Step } from "../plan/plan.ts";
import type { Hands, Work } from "./hands.ts";

/** It may go on from there. */
export const isOpenEnd = (outcome: Outcome): boolean =>
  outcome === "in-doubt" || outcome === "stopped" || outcome === "failed";

export function stateOf({ journal }: Pick<Hands, "journal">): Operation {
  const operation = toOperation(journal.records());
  if (!operation) throw new InDoubt("The journal does not begin with a plan.");
  return operation;
}

export const isCommitted = (work: Work): boolean =>
  work.plan.steps.some(({ id, commit }) => commit && stateOf(work).steps.get(id)?.word === "done");

/** The steps that may have done something: what was so before us is none of them. */
export function begunBy(work: Work): readonly Step[] {
  const { steps } = stateOf(work);
  const announced = new Set(work.journal.records().flatMap((r) => (r.kind === "intent" ? [r.step] : [])));
  return work.plan.steps.filter(({ id }) => {
    const state = steps.get(id);
    if (state === undefined) return false;
    return state.word === "done" ? !state.already : announced.has(id);
  });
}

/** How often a step was announced. */
export const attemptsOf = ({ id }: Step, { journal }: Pick<Hands, "journal">): number =>
  journal.records().filter((record) => record.kind === "intent" && record.step === id).length;

/** Of these, those that do more than look. */
export const touchedBy = (work: Work): readonly Step[] =>
  begunBy(work).filter(({ effect }) => effect !== "reads");

export const toMessage = ({ message, hint }: Failure): string =>
  hint === undefined ? message : `${message}\n${hint}`;

/** The host is away, and what was begun may go on there. */
export const isLost = (error: Failure): boolean =>
  error instanceof UnreachableError || error instanceof TimedOut;
