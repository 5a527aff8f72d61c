import { isWhyNot, type WhyNot } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";

/** What a verb answered. Throws `Refused` with why it cannot. */
export function orRefuse<Answer extends object>(answer: Answer): Exclude<Answer, WhyNot> {
  if (isWhyNot(answer)) throw new Refused(answer.whyNot, { hint: answer.hint });
  return answer as Exclude<Answer, WhyNot>;
}
