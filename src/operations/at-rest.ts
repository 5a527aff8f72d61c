import { isWhyNot } from "../backends/contract.ts";
import { Refused } from "../errors.ts";
import type { RunStep, Step } from "../plan/plan.ts";
import { withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Consistency } from "../plan/snapshot-tag.ts";
import { deadManOn } from "./dead-man.ts";
import type { Ground } from "./ground.ts";
import { healthGate } from "./health-gate.ts";
import { hookSteps } from "./hooks.ts";
import type { Target } from "./target.ts";

/** How the data of a service is brought to rest, and what it does then. */
export interface Rest {
  readonly consistency: Consistency;
  readonly begin: readonly Step[];
  /** `resume` wakes it, whatever happened in between. */
  readonly end: readonly Step[];
  readonly wayBack: readonly Step[];
  readonly notes: readonly string[];
}

// A person who declares nothing means a moment: it is at rest all that time when we vanish.
const hookTimeoutMs = 60_000;
const spareMs = 30_000;

/** As its owner declared it: by hooks, by being stopped, or not at all. */
export function* bringToRest(target: Target, ground: Ground): Planning<Rest> {
  const { service } = target;
  const before = hookSteps("beforeSnapshot", target, ground).map((step) => ({
    ...step,
    timeoutMs: service?.hooks.beforeSnapshot?.timeoutMs ?? hookTimeoutMs,
  }));
  const after = hookSteps("afterSnapshot", target, ground).map(toCertain);
  const stop = service?.snapshots?.while === "stopped" ? yield* stopAndStart(target, ground) : undefined;
  const wake = [...(stop?.start ?? []), ...after];
  const rest = [...before, ...(stop?.stop ?? [])];
  const consistency = before.length > 0 ? "app-consistent" : stop ? "quiesced" : "crash-consistent";
  const nothing = { consistency, begin: rest, end: wake, wayBack: [], notes: [] } as const;
  const [first] = wake;
  if (!first || rest.length === 0) return nothing;
  const longMs = rest.reduce((sum, { timeoutMs }) => sum + timeoutMs, spareMs);
  const name = `${ground.id}-${target.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`.slice(0, 200);
  const deadMan = yield* deadManOn(target.host, name, first.command, longMs);
  const wayBack = withPrefix("undo", wake).map((step) => ({ ...step, again: "safe" as const }));
  const well = stop ? [healthGate("well", target, ground, { steadyMs: 3_000, timeoutMs: 60_000 })] : [];
  if (!deadMan)
    return {
      ...nothing,
      end: [...wake, ...well],
      wayBack,
      notes: [
        `${target.host} has no systemd: should we vanish meanwhile, ${target.name} stays at rest until scrap resume.`,
      ],
    };
  return {
    consistency,
    begin: [deadMan.arm, ...rest],
    end: [{ ...deadMan.see, commit: true }, ...wake, deadMan.disarm("disarm"), ...well],
    wayBack: [...wayBack, deadMan.disarm("undo-disarm")],
    notes: [],
  };
}

/** That it failed is no warning: what was brought to rest may still be. */
const toCertain = ({ optional: _, ...step }: RunStep): RunStep => step;

function* stopAndStart(
  { main, backend, host, name, known }: Target,
  ground: Ground,
): Planning<{ readonly stop: readonly RunStep[]; readonly start: readonly RunStep[] } | undefined> {
  // What is stopped is at rest, and stays so.
  if (known && known.runsOn.length === 0) return { stop: [], start: [] };
  if (!main || !backend?.lifecycle)
    throw new Refused(`${name} on ${host} cannot be stopped for its snapshot.`, {
      hint: "`snapshots.while: stopped` in the inventory asks for it.",
    });
  const [stop, start] = [
    yield* backend.lifecycle.stop(main, host),
    yield* backend.lifecycle.start(main, host),
  ];
  for (const steps of [stop, start])
    if (isWhyNot(steps)) throw new Refused(steps.whyNot, { hint: steps.hint });
  return { stop: toRuns(stop, ground), start: toRuns(start, ground) };
}

function toRuns(steps: object, { id }: Ground): readonly RunStep[] {
  return (steps as readonly Step[]).map((step) => {
    if (step.kind !== "run") throw new TypeError(`${id}: stopping and starting is more than commands.`);
    return step;
  });
}
