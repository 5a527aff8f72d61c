import type { Check, RunStep } from "../../../plan/plan.ts";
import { learn, type Planning } from "../../../plan/planning.ts";
import type { Resource } from "../../resource.ts";
import type { LifecycleVerbs, Steps, WhyNot } from "../../verbs.ts";
import { run } from "./probes.ts";

export const podman = ({ owner }: Pick<Resource, "owner">, ...args: readonly string[]) =>
  run(owner ? { user: owner } : {}, "podman", ...args);

const inspectState = (resource: Resource) =>
  resource.kind === "pod"
    ? podman(resource, "pod", "ps", "--filter", `name=^${resource.name}$`, "--format", "{{.Status}}")
    : podman(resource, "inspect", "--type", "container", "--format", "{{.State.Status}}", resource.name);

/** Of a pod, of its containers: it has no start of its own. */
const inspectStart = (resource: Resource) =>
  resource.kind === "pod"
    ? podman(
        resource,
        "ps",
        "--all",
        "--filter",
        `pod=${resource.name}`,
        "--format",
        "{{.Names}} {{.StartedAt}}",
      )
    : podman(resource, "inspect", "--type", "container", "--format", "{{.State.StartedAt}}", resource.name);

/** Containers tell it in lower case, pods with a capital. */
const up = ({ kind }: Resource) => (kind === "pod" ? "Running" : "running");
const down = ({ kind }: Resource) =>
  kind === "pod" ? "Exited|Stopped|Created" : "exited|stopped|created|configured";

export const isInState = (resource: Resource, host: string, states: string): Check => ({
  kind: "command",
  title: `${resource.name} is ${states.toLowerCase().replaceAll("|", " or ")}`,
  host,
  command: inspectState(resource),
  expect: { stdoutMatches: `^(${states})$` },
});

const step = (
  verb: "start" | "stop" | "restart",
  resource: Resource,
  host: string,
): Omit<RunStep, "effect"> => ({
  kind: "run",
  id: verb,
  title: `${verb[0]?.toUpperCase()}${verb.slice(1)} ${resource.name}`,
  host,
  command: podman(resource, ...(resource.kind === "pod" ? ["pod"] : []), verb, resource.name),
  timeoutMs: 120_000,
});

/** What a unit runs is the unit's to start and stop: else systemd would take it for dead, or start it once more. */
function unitInstead({ kind, name, user, details }: Resource, verb: string): WhyNot | undefined {
  if ((kind !== "container" && kind !== "pod") || !("unit" in details) || details.unit === undefined)
    return undefined;
  return {
    whyNot: `The ${kind} ${name} is run by ${details.unit}${user ? ` of ${user}` : ""}.`,
    hint: `scrap ${verb} ${details.unit}`,
  };
}

export const lifecycle: LifecycleVerbs = {
  *start(resource, host): Planning<Steps> {
    return (
      unitInstead(resource, "start") ?? [
        {
          ...step("start", resource, host),
          effect: "changes",
          done: isInState(resource, host, up(resource)),
        },
      ]
    );
  },
  *stop(resource, host): Planning<Steps> {
    return (
      unitInstead(resource, "stop") ?? [
        {
          ...step("stop", resource, host),
          effect: "interrupts",
          done: isInState(resource, host, down(resource)),
        },
      ]
    );
  },
  *restart(resource, host): Planning<Steps> {
    const instead = unitInstead(resource, "restart");
    if (instead) return instead;
    const started = yield* learn(host, inspectStart(resource));
    const done: Check = {
      kind: "command",
      title: `${resource.name} was started anew`,
      host,
      command: inspectStart(resource),
      expect: { stdoutNot: started },
    };
    return [{ ...step("restart", resource, host), effect: "interrupts", done, downMs: 2_000 }];
  },
  isRunning: (resource, host) => [isInState(resource, host, up(resource))],
  life: (resource) => [{ title: `the start of ${resource.name}`, command: inspectStart(resource) }],
};
