import type { WhyNot } from "../backends/verbs.ts";
import { Failure } from "../errors.ts";
import type { Planning } from "../plan/planning.ts";

/** A host that is away is a reason, too. */
export function* attempt<Result>(host: string, planning: Planning<Result>): Planning<Result | WhyNot> {
  try {
    return yield* planning;
  } catch (error) {
    if (error instanceof Failure)
      return {
        whyNot: `${host}: ${error.message}`,
        ...(error.hint ? { hint: error.hint } : {}),
        cause: error,
      };
    throw error;
  }
}
