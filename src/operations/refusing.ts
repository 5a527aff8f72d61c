import { isWhyNot, type WhyNot } from "../backends/verbs.ts";
import { Refused, UsageError } from "../errors.ts";

/** What a verb answered. Throws `Refused` with why it cannot; what is wrong in the user's words is told as that. */
export function orRefuse<Answer extends object>(answer: Answer): Exclude<Answer, WhyNot> {
  if (isWhyNot(answer) && answer.cause instanceof UsageError) throw answer.cause;
  if (isWhyNot(answer)) throw new Refused(answer.whyNot, { hint: answer.hint });
  return answer as Exclude<Answer, WhyNot>;
}
