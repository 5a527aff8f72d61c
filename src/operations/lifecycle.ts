import type { Backend } from "../backends/contract.ts";
import type { Resource } from "../backends/resource.ts";
import { isWhyNot, type LifecycleVerbs, type WhyNot } from "../backends/verbs.ts";
import type { User } from "../command/command.ts";
import { Refused } from "../errors.ts";
import type { Known } from "../model/resources.ts";
import type { Plan, Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { withMain } from "./deploy-target.ts";
import { findOwner } from "./file-owner.ts";
import type { Ground } from "./ground.ts";
import { healthGate } from "./health-gate.ts";
import { hookSteps } from "./hooks.ts";
import { findTarget, type Target } from "./target.ts";

export interface LifecycleRequest {
  readonly verb: "start" | "stop" | "restart";
  /** A service, or a unit, container, pod or project. */
  readonly name: string;
}

const words = { start: "Start", stop: "Stop", restart: "Restart" };

/** What is started and stopped for it, and how; or why not, and what would make it possible. */
export function lifecycleOf({
  name,
  host,
  main,
  backend,
  service,
}: Target): { readonly main: Known; readonly lifecycle: LifecycleVerbs } | WhyNot {
  if (!main)
    return {
      whyNot: `There is nothing of ${name} on ${host}.`,
      ...(service ? { hint: `scrap deploy ${name} puts it there.` } : {}),
    };
  if (backend?.lifecycle) return { main, lifecycle: backend.lifecycle };
  const unit = main.kind === "container" || main.kind === "pod" ? main.details.unit : undefined;
  return {
    whyNot: `What ${backend?.title ?? main.backend} runs is not started and stopped by SCRAP yet.`,
    hint:
      unit === undefined
        ? "It could be if a systemd unit ran it, such as that of a quadlet."
        : `Its unit can be: ${main.host}/${unit}.`,
  };
}

/** What stands for a service where no list has it, if the tool that runs such things may have forgotten it. */
export function forgotten(
  { service, main }: Target,
  { backends }: Pick<Ground, "backends">,
): { readonly backend: Backend; readonly toMain: (owner?: User) => Resource } | undefined {
  if (main || !service) return undefined;
  const { runs } = service;
  const backend = backends.find((each) => each.lifecycle?.isThere && each.deploy?.runs.includes(runs.kind));
  const { deploy } = backend ?? {};
  return backend && deploy && { backend, toMain: (owner) => deploy.standsFor(runs, owner) };
}

function* remember(target: Target, ground: Ground): Planning<Target> {
  const { service, host } = target;
  const found = forgotten(target, ground);
  if (!found || !service) return target;
  const { user } = service.runs;
  const main = found.toMain(user === undefined ? undefined : (yield* findOwner(host, user)).user);
  const isThere = yield* found.backend.lifecycle?.isThere?.(main, host) ?? [];
  return isThere ? withMain({ ...target, service }, found.backend, main) : target;
}

/** Starts, stops or restarts what runs, with the user's hooks around it, and sees that it is so. */
export function* planLifecycle({ verb, name }: LifecycleRequest, ground: Ground): Planning<Plan> {
  const target = yield* remember(findTarget(name, ground), ground);
  const { host, service } = target;
  const found = lifecycleOf(target);
  if (isWhyNot(found)) throw new Refused(found.whyNot, { hint: found.hint });
  const steps = yield* found.lifecycle[verb](found.main, host);
  if (isWhyNot(steps)) throw new Refused(steps.whyNot, { hint: steps.hint });
  const around: readonly Step[] = [
    ...(verb === "start" ? [] : hookSteps("beforeStop", target, ground)),
    ...steps,
    ...(verb === "stop"
      ? []
      : [
          healthGate("well", target, ground, { steadyMs: 3_000, timeoutMs: 60_000 }),
          ...hookSteps("afterStart", target, ground),
        ]),
  ];
  return {
    format: 1,
    id: ground.id,
    operation: verb,
    title: `${words[verb]} ${target.name} on ${host}`,
    madeAt: ground.now.toISOString(),
    services: service ? [service.name] : [],
    hosts: [host],
    basis: [],
    onFailure: "stop",
    steps: around,
    notes: [],
  };
}
