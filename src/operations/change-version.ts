import { isWhyNot } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import type { Plan, Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { type DeployParts, wordDeploy } from "./deploy-parts.ts";
import { basisOf, editPin, type PinEdit } from "./edit-pins.ts";
import { fetchVersion } from "./fetch-version.ts";
import type { Ground } from "./ground.ts";
import { healthGate } from "./health-gate.ts";
import { hookSteps } from "./hooks.ts";
import type { KeptData } from "./keep-data.ts";
import { type FoundPin, placeOf } from "./pins.ts";
import { seeStaged } from "./staging.ts";
import type { findService } from "./target.ts";

/** How a new version is judged. */
export interface Watching {
  /** So soon it must be well. */
  readonly withinMs: number;
  /** So long it must then stay well without a break, before the old one is given up. */
  readonly soakMs: number;
}

type ServiceTarget = ReturnType<typeof findService>;

export interface Change {
  readonly operation: string;
  readonly title: string;
  readonly target: ServiceTarget;
  readonly pins: readonly [FoundPin, ...FoundPin[]];
  readonly to: string;
  readonly data: KeptData;
  readonly watching: Watching;
  readonly notes: readonly string[];
  /** The environment before must run it, where there is one. */
  readonly isStaged?: boolean;
}

/**
 * Brings a service to another version: all that is slow first, then stop, data, files, start; then it is watched. When it fails,
 * the old version returns, with the data as `data.putBack` says.
 */
export function* changeVersion(change: Change, ground: Ground): Planning<Plan> {
  const { operation, title, target, pins, to, data, watching, notes, isStaged = false } = change;
  const { host, service } = target;
  const edits = pins.map((pin, index) => editPin(pin, to, index + 1));
  const parts = yield* wordDeploy(target, ground, {
    edited: new Map(edits.map(({ pin, textAfter }) => [pin.file, textAfter])),
    // The soak sees that it stays so.
    steadyMs: 0,
    to,
    ...variablesOf(edits, ground),
  });
  refuseWithoutEffect(parts, edits, target);
  const staged = isStaged ? yield* seeStaged(parts, ground, to) : [];
  const image = yield* fetchVersion(target, pins[0], to, parts, ground);
  const stop = data.steps.length > 0 ? yield* stopSteps(target) : [];
  // A playbook is not undone by a stop: what it started has to be stopped before its data can be changed.
  const stopBack =
    data.putBack.length > 0 && !parts.switchOver.some(({ undo = [] }) => undo.length > 0)
      ? toWayBack(stop)
      : [];
  // Many a playbook starts only what it changed.
  const start = service.from?.kind === "playbook" && stop.length > 0 ? yield* startSteps(target) : [];
  const isHook = ({ id }: Step) => id.startsWith("hook-");
  const [first, ...more] = parts.switchOver.filter((step) => !isHook(step));
  const switchOver: readonly Step[] = first
    ? [{ ...first, undo: [...(first.undo ?? []), ...stopBack, ...data.putBack] }, ...more]
    : [];
  const rest = [
    ...data.before.map(revived),
    ...parts.switchOver.filter(isHook),
    ...stop.map(revived),
    ...data.steps.map(revived),
  ];
  return {
    format: 1,
    id: ground.id,
    operation,
    title,
    madeAt: ground.now.toISOString(),
    services: [service.name],
    hosts: [...new Set([host, ...service.data.flatMap(({ on }) => on ?? [])])].sort(),
    basis: [...basisOf(edits), ...parts.basis],
    onFailure: "walk-back",
    steps: [
      ...begin(service, withStart(parts, start), edits, [
        ...hookSteps("beforeUpgrade", target, ground),
        ...image,
        ...parts.fetch,
      ]),
      // What dies before its data is kept must rise again as what it was: until then nobody can read of the new one.
      ...(data.steps.length > 0 ? [...rest, ...parts.write] : [...parts.write, ...rest]),
      ...switchOver,
      ...start.map(revived),
      ...data.after,
      ...watch(parts, watching, ground),
      ...hookSteps("afterUpgrade", parts.target, ground),
    ],
    notes: [
      `The version is written in ${pins.map(placeOf).join(" and ")}.`,
      ...notes,
      ...staged,
      ...data.notes,
      ...parts.notes,
    ],
  };
}

/** What a playbook has to be told to be checked as it will be; nothing where a pin is no variable of its own. */
function variablesOf(
  edits: readonly PinEdit[],
  { inventory }: Ground,
): { readonly variables?: Readonly<Record<string, string>> } {
  const read = edits.filter(({ pin }) => pin.file !== inventory.file);
  const isVariable = ({ pin: { file, field } }: PinEdit) =>
    /\.(ya?ml|json)$/.test(file) && /^\w+$/.test(field);
  if (read.length === 0 || !read.every(isVariable)) return {};
  const told = read.map(({ pin: { field, image }, to }) => [
    field,
    image === undefined ? to : `${image}:${to}`,
  ]);
  return { variables: Object.fromEntries(told) };
}

/**
 * What is behind the pins is undone before them: that the service runs again must not wait for a file that somebody else
 * has changed meanwhile. Only a playbook reads them when it is played back.
 */
function begin(
  { from }: ServiceTarget["service"],
  { look }: DeployParts,
  edits: readonly PinEdit[],
  fetch: readonly Step[],
): readonly Step[] {
  const pins = edits.map(({ step }) => step);
  return from?.kind === "playbook" ? [...look, ...fetch, ...pins] : [...fetch, ...pins, ...look];
}

/** Well at first, asked often; then all through the soak, asked now and then. Behind that there is no way back. */
function watch(
  { gate, target }: DeployParts,
  { withinMs, soakMs }: Watching,
  ground: Ground,
): readonly Step[] {
  const [{ commit: _, ...well }, ...after] = gate as readonly [Step, ...Step[]];
  const soak: Step = {
    ...healthGate("soak", target, ground, { steadyMs: soakMs, timeoutMs: 30_000 }),
    title: `See that ${target.name} stays well for ${soakMs / 1000} s`,
    everyMs: Math.min(2_000, soakMs),
    commit: true,
  };
  return [{ ...(well as Step), timeoutMs: withinMs }, soak, ...after];
}

/** What it takes away, the way back of the first step brings back. */
const revived = (step: Step): Step => ({ undo: [], ...step });

const toWayBack = (steps: readonly Step[]): readonly Step[] =>
  steps.map(({ undo: _, ...step }) => ({ ...step, id: `back-${step.id}` }) as Step);

function* stopSteps({ main, backend, host, name }: ServiceTarget): Planning<readonly Step[]> {
  if (!main) return [];
  const steps = backend?.lifecycle
    ? yield* backend.lifecycle.stop(main, host)
    : { whyNot: `${name} cannot be stopped.` };
  if (isWhyNot(steps)) throw new Refused(steps.whyNot, { hint: steps.hint });
  return steps;
}

function* startSteps({ main, backend, host }: ServiceTarget): Planning<readonly Step[]> {
  const steps = main && backend?.lifecycle ? yield* backend.lifecycle.start(main, host) : [];
  if (isWhyNot(steps)) throw new Refused(steps.whyNot, { hint: steps.hint });
  return steps;
}

/** At the end of the way back, too. */
const withStart = (parts: DeployParts, start: readonly Step[]): DeployParts => ({
  ...parts,
  look: parts.look.map((step, index) =>
    index === 0 ? { ...step, undo: [...(step.undo ?? []), ...toWayBack(start)] } : step,
  ),
});

/** A version that stands where nothing looks would be changed for nothing. */
function refuseWithoutEffect(
  { write }: DeployParts,
  edits: readonly PinEdit[],
  { service, host }: ServiceTarget,
): void {
  if (service.from?.kind === "playbook" || write.some(({ kind }) => kind === "upload")) return;
  throw new Refused(
    `Nothing that ${service.name} is put in place from changes with ${edits.map(({ pin }) => placeOf(pin)).join(" and ")}: ${host} would be as it is.`,
    {
      hint: `Either it has that already (scrap deploy ${service.name} --dry-run tells), or another place counts: services.${service.name}.version.in: FILE#variable`,
    },
  );
}
