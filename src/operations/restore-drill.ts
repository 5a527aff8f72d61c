import type { Plan, Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Brought } from "./bring-beside.ts";
import type { Copy } from "./copies.ts";
import { planDrill } from "./drill.ts";
import type { Ground } from "./ground.ts";
import { keepProof } from "./proofs.ts";
import type { Target } from "./target.ts";

/** Tries what was brought beside the live data, notes on the host of the data what that proves, and throws it away. */
export function* tryBrought(
  target: Target,
  { id, store }: Extract<Copy, { kind: "backup" }>,
  brought: Brought,
  on: string,
  ground: Ground,
): Planning<Pick<Plan, "steps" | "notes">> {
  const tried = yield* planDrill(target, brought.besides, ground);
  const proof = keepProof(
    {
      service: target.name,
      repository: store.repository.name,
      id,
      at: ground.now.toISOString(),
      how: tried.isChecked ? "well" : "verified",
    },
    on,
  );
  return {
    steps: [
      ...brought.steps,
      ...tried.steps,
      { ...proof, commit: true },
      ...brought.besides.flatMap(({ discard }) => discard).map((step): Step => ({ ...step, optional: true })),
    ],
    notes: [...brought.notes, ...tried.notes],
  };
}
