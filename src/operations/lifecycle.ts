import type { Backend } from "../backends/contract.ts";
import type { Resource } from "../backends/resource.ts";
import { isWhyNot, type LifecycleVerbs, type WhyNot } from "../backends/verbs.ts";
import type { User } from "../command/command.ts";
import { Refused } from "../errors.ts";
import type { Known } from "../model/resources.ts";
import { isExpected } from "../plan/expected.ts";
import type { Check, Plan, Step } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";
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
  const { main, lifecycle } = found;
  const steps = yield* lifecycle[verb](main, host);
  if (isWhyNot(steps)) throw new Refused(steps.whyNot, { hint: steps.hint });
  const plan = {
    format: 1,
    id: ground.id,
    operation: verb,
    title: `${words[verb]} ${target.name} on ${host}`,
    madeAt: ground.now.toISOString(),
    services: service ? [service.name] : [],
    hosts: [host],
    basis: [],
    onFailure: "stop",
  } as const;
  const isAllRunning = lifecycle.isAllRunning ?? lifecycle.isRunning;
  if (verb === "start" && (yield* isSo(isAllRunning(main, host))))
    return { ...plan, steps: [], notes: [`${main.name} runs already.`] };
  const steadyMs = verb !== "stop" && isLooping(main, ground) ? loopMs : 3_000;
  const around: readonly Step[] = [
    ...(verb === "start" ? [] : hookSteps("beforeStop", target, ground)),
    ...steps,
    ...(verb === "stop"
      ? []
      : [
          healthGate("well", target, ground, { steadyMs, timeoutMs: 60_000 }),
          ...hookSteps("afterStart", target, ground),
        ]),
  ];
  const notes =
    steadyMs === loopMs
      ? [`${main.name} ends and is restarted again and again: it is watched for ${loopMs / 1000} s.`]
      : [];
  return { ...plan, steps: around, notes };
}

// What lives for some seconds each time is no more well than what ends at once.
const loopMs = 30_000;

/** It, or a container of its project, was restarted by itself, and that not long ago. */
const isLooping = (main: Known, { homelab }: Ground): boolean =>
  [main, ...homelab.resources.filter((each) => isPartOf(each, main))].some(
    ({ health, details }) => health !== "ok" && "restarts" in details && (details.restarts ?? 0) > 0,
  );

const isPartOf = (each: Known, main: Known): boolean =>
  each.kind === "container" &&
  main.kind === "project" &&
  each.host === main.host &&
  each.details.project === main.name;

function* isSo(checks: readonly Check[]): Planning<boolean> {
  for (const check of checks) {
    if (check.kind !== "command") return false;
    const { exitCode, stdout } = yield* askHost(check.host, check.command);
    if (!isExpected(check.expect, exitCode, stdout.trim())) return false;
  }
  return checks.length > 0;
}
