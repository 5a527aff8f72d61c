import type { Placement, Wish } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import type { Basis, Plan, Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { allocateData } from "./allocate-data.ts";
import { type Edited, readDeclared } from "./declared-files.ts";
import { deployByPlaybook } from "./deploy-playbook.ts";
import { type DeployTarget, withMain } from "./deploy-target.ts";
import { findOwner, makeFolders } from "./file-owner.ts";
import type { Ground } from "./ground.ts";
import { healthGate, lastWords } from "./health-gate.ts";
import { hookSteps } from "./hooks.ts";
import { versionOf } from "./pins.ts";
import { findLeaving } from "./placed-files.ts";
import { preflight } from "./preflight.ts";
import { orRefuse } from "./refusing.ts";
import { writeFiles } from "./write-files.ts";

/** What puts a service in place, part by part: each operation adds its own between them. */
export interface DeployParts {
  /** With what will stand for it where nothing did. */
  readonly target: DeployTarget;
  /** It is there, runs, and is as declared: nothing of this has to be done. */
  readonly isInPlace: boolean;
  /** First of all. Its way back, walked last, brings what ran before back to life: put before it what must be undone after that. */
  readonly look: readonly Step[];
  /** What is needed from elsewhere, and places for data. What runs is left alone. */
  readonly fetch: readonly Step[];
  /** The files, and that the tool understands them. What runs is left alone: what is to be kept of it is kept before. */
  readonly write: readonly Step[];
  /** The new one takes over. It may have been stopped before. */
  readonly switchOver: readonly Step[];
  /** Until it is well; no way back behind it. */
  readonly gate: readonly Step[];
  /** What tells this version from others: images, or the pin of what a playbook puts in place. */
  readonly version: string;
  readonly basis: readonly Basis[];
  readonly onFailure: Plan["onFailure"];
  readonly notes: readonly string[];
}

export interface DeployOptions {
  readonly edited?: Edited;
  /** The version that the edited files have. */
  readonly to?: string;
  /** What the edited files say, as a playbook may be told before they do; undefined where they are no variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How long it must be well without a break. */
  readonly steadyMs?: number;
}

/** Words how a service is put in place as it is declared. Throws `Refused` with why it cannot be. */
export function* wordDeploy(
  target: DeployTarget,
  ground: Ground,
  { edited = new Map(), steadyMs = 10_000, to, variables }: DeployOptions = {},
): Planning<DeployParts> {
  const { service, host, name } = target;
  const { runs, from } = service;
  if (!from)
    throw new Refused(`Nobody said where ${name} is put in place from.`, {
      hint: "`from` of the service in the inventory says it: files, compose, manifest or playbook.",
    });
  if (from.kind === "playbook")
    return yield* deployByPlaybook(target, from, ground, {
      edited,
      steadyMs,
      ...(to === undefined ? {} : { to }),
      ...(variables ? { variables } : {}),
    });
  const backend = ground.backends.find(({ deploy }) => deploy?.runs.includes(runs.kind));
  if (!backend?.deploy) throw new Refused(`A ${runs.kind} is not put in place from files.`);
  const declared = yield* readDeclared(from, ground, edited);
  const owner = runs.user === undefined ? undefined : yield* findOwner(host, runs.user);
  const wish: Wish = {
    service: name,
    runs,
    from,
    files: declared,
    ...(owner ? { owner } : {}),
    main: target.main ?? backend.deploy.standsFor(runs, owner?.user),
  };
  const placement = orRefuse(yield* backend.deploy.place(wish, host));
  const writing = yield* writeFiles(placement, declared, owner, host);
  const leaving = yield* findLeaving(service.name, placement, host);
  const gone = leaving.steps.map(({ path }) => path);
  const effect = orRefuse(yield* backend.deploy.takeEffect(wish, placement, writing.changed, host, gone));
  const ran = effect.revive.length > 0 && target.known?.runsOn.includes(host);
  const images = yield* fetchImages(placement, owner, host, ground);
  const data = yield* allocateData(service, host, ground);
  const later = withMain(target, backend, wish.main);
  const undo = [
    ...effect.revive,
    ...(ran ? [healthGate("well-back", before(target), ground, { steadyMs: 3_000, timeoutMs: 60_000 })] : []),
  ];
  const folders = owner
    ? yield* makeFolders(
        writing.changed.map((path) => path.slice(0, path.lastIndexOf("/"))),
        owner,
        host,
      )
    : [];
  return {
    target: later,
    isInPlace: effect.isInPlace && [writing.changed, gone, images, data].every(({ length }) => length === 0),
    look: [{ ...(yield* preflight(target, ground)), undo }],
    fetch: [...images, ...data],
    write: [...folders, ...(effect.quit ?? []), ...writing.steps, ...leaving.steps, ...effect.check],
    switchOver: [
      ...(ran ? hookSteps("beforeStop", target, ground) : []),
      ...effect.switchOver.map((step) => ({ ...lastWords(later, ground), ...step })),
    ],
    gate: [
      { ...healthGate("well", later, ground, { steadyMs, timeoutMs: 120_000 }), commit: true },
      ...leaving.keep,
      ...hookSteps("afterStart", later, ground),
    ],
    basis: [
      ...declared
        .filter(({ file }) => !edited.has(file))
        .map(({ file, sha256 }): Basis => ({ kind: "file", title: "What is declared", file, sha256 })),
      ...writing.basis,
      ...leaving.basis,
    ],
    version: placement.images.toSorted().join(", ") || (to ?? (yield* versionOf(service, ground))),
    onFailure: "walk-back",
    notes: leaving.notes,
  };
}

function* fetchImages(
  { images, engine }: Placement,
  owner: Wish["owner"],
  host: string,
  { backends }: Ground,
): Planning<readonly Step[]> {
  const verbs = backends.find(({ id }) => id === engine)?.images;
  const steps: Step[] = [];
  for (const image of verbs ? images : []) {
    const fetching = orRefuse((yield* verbs?.fetch(image, host, owner?.user) ?? []) as readonly Step[]);
    steps.push(...fetching.map((step) => ({ ...step, id: `${step.id}-${steps.length + 1}` })));
  }
  return steps;
}

/** What was not well before is not asked to be well again. */
function before(target: DeployTarget) {
  const { service: _, ...rest } = target;
  return target.known?.checks.every(({ passed }) => passed) ? target : rest;
}
