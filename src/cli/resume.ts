import { Refused, UsageError } from "../errors.ts";
import { isOpenEnd } from "../execute/story.ts";
import { didYouMean } from "../inventory/nearest.ts";
import { allSteps } from "../journal/operation.ts";
import type { Decision } from "../journal/record.ts";
import { sayStanding } from "../journal/standing.ts";
import type { Context, Operations } from "./context.ts";
import { exitCodes, followToEnd } from "./follow-operation.ts";
import { findOperation } from "./operation-id.ts";
import type { ReadOptions } from "./options.ts";
import { toFormat } from "./output.ts";

export interface ResumeOptions extends ReadOptions {
  readonly wasDone?: readonly string[];
  readonly wasNotDone?: readonly string[];
  /** Whatever others changed since. */
  readonly anyway?: boolean;
}

const anyway = ({ anyway }: ResumeOptions) => (anyway ? [{ what: "anyway" as const }] : []);

/** `scrap resume ID`. Resolves with the exit code of the operation. */
export async function resume(context: Context, word: string, options: ResumeOptions): Promise<number> {
  const operations = await context.operations(options);
  const id = findOperation(word, operations.ids());
  const decisions = [
    ...(options.wasDone ?? []).map((step) => ({ step, what: "was-done" as const })),
    ...(options.wasNotDone ?? []).map((step) => ({ step, what: "was-not-done" as const })),
  ];
  const known = allSteps(operations.load(id).plan).map((step) => step.id);
  for (const { step } of decisions)
    if (!known.includes(step)) throw new UsageError(`${id} has no step ${step}${didYouMean(step, known)}`);
  if (decisions.length > 0 && operations.isDriven(id))
    throw new Refused(`${id} is being carried out: nothing of it is in doubt now.`);
  return goOn(id, [...decisions, ...anyway(options)], operations, context, options);
}

/** Once: stop after the step. Twice: cancel it and walk back. What nobody carries out goes back at once. */
export async function cancel(context: Context, word: string, options: ResumeOptions): Promise<number> {
  const operations = await context.operations(options);
  const id = findOperation(word, operations.ids());
  const wish = operations.load(id).asked === undefined ? "stop" : "walk-back";
  if (operations.cancel(id, wish)) {
    context.complain(
      wish === "stop"
        ? `${id} stops after its current step. To cancel that too, and walk back: scrap cancel ${id}`
        : `${id} cancels its current step and walks back.`,
    );
    return 0;
  }
  const { ended } = operations.load(id);
  if (ended && !isOpenEnd(ended.outcome))
    throw new Refused(`${id} has ended, nothing of it is left to cancel: ${ended.message}`);
  return goOn(id, [{ what: "walk-back" }, ...anyway(options)], operations, context, options);
}

/** Goes on with an operation and shows it until it has ended; one that has ended for good is told of. */
export async function goOn(
  id: string,
  decisions: readonly { readonly step?: string; readonly what: Decision }[],
  operations: Operations,
  context: Context,
  options: ReadOptions,
): Promise<number> {
  const { ended, plan } = operations.load(id);
  const isDriven = operations.isDriven(id);
  if (!isDriven && ended && !isOpenEnd(ended.outcome)) {
    if (toFormat(options) === "table")
      context.print(`${plan.title}: ${sayStanding(ended.outcome)} already, ${ended.at}: ${ended.message}`);
    else context.print(JSON.stringify(operations.records(id).at(-1)));
    return exitCodes[ended.outcome];
  }
  if (isDriven) context.complain(`${id} is being carried out already: this only shows it.`);
  const before = isDriven ? 0 : operations.records(id).length;
  await operations.resume(id, decisions);
  return followToEnd(id, operations, context, options, before);
}
