import type { Step } from "../plan/plan.ts";
import { describeStep } from "../plan/text.ts";
import type { Work } from "./hands.ts";

/** `followers` are given to the host together with it. */
export function announce(step: Step, { journal, transport }: Work, followers: readonly Step[] = []): void {
  const link = "host" in step ? transport.link(step.host).state() : undefined;
  const hostKey = link?.status === "up" ? link.access.hostKey : undefined;
  journal.append({
    kind: "intent",
    step: step.id,
    says: describeStep(step),
    ...(hostKey === undefined ? {} : { hostKey }),
    ...(followers.length === 0 ? {} : { with: followers.map(({ id }) => id) }),
  });
}
