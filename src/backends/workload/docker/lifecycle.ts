import type { Command } from "../../../command/command.ts";
import type { Check, RunStep } from "../../../plan/plan.ts";
import { learn, type Planning } from "../../../plan/planning.ts";
import type { Resource } from "../../resource.ts";
import type { LifecycleVerbs, Steps, WhyNot } from "../../verbs.ts";
import { askCompose, isMissing } from "./compose-program.ts";

export const docker = (...args: readonly string[]): Command => ({ argv: ["docker", ...args], asRoot: true });

const list = ({ kind, name }: Resource, format: string) =>
  docker(
    ...["ps", "--all", "--no-trunc"],
    ...(kind === "project"
      ? [
          ...["--filter", `label=com.docker.compose.project=${name}`],
          ...["--filter", "label=com.docker.compose.oneoff=False"],
        ]
      : ["--filter", `name=^/${name}$`]),
    ...["--format", format],
  );

/** No container is dead or still on its way, and one runs. That others have done their work and left is well. */
const someUp = String.raw`(?<![\s\S])(?![\s\S]*(?:^(?:created|restarting|paused|dead|removing) |Exited \((?!0\))|unhealthy|health: starting))[\s\S]*^running `;
const allUp = String.raw`(?<![\s\S])(?:running .*\n?)+(?![\s\S])`;
const noneUp = String.raw`(?<![\s\S])(?![\s\S]*^(?:running|restarting|paused|removing) )`;

const expectStates = (resource: Resource, host: string, title: string, pattern: string): Check => ({
  kind: "command",
  title: `${resource.name} ${title}`,
  host,
  command: list(resource, "{{.State}} {{.Status}}"),
  expect: { stdoutMatches: pattern },
});

export const isUp = (resource: Resource, host: string): Check =>
  expectStates(resource, host, "is up", someUp);

/** Since when each of these containers runs. */
const starts = (containers: readonly string[]) =>
  docker("inspect", "--type", "container", "--format", "{{.Name}} {{.State.StartedAt}}", "--", ...containers);

function* word(
  verb: "start" | "stop" | "restart",
  resource: Resource,
  host: string,
): Planning<Omit<RunStep, "effect"> | WhyNot> {
  const { kind, name } = resource;
  const compose = kind === "project" ? yield* askCompose(host) : docker;
  if (isMissing(compose)) return compose;
  return {
    kind: "run",
    id: verb,
    title: `${verb[0]?.toUpperCase()}${verb.slice(1)} ${name}`,
    host,
    // By the name of the project alone: what its files say by now is not asked.
    command: kind === "project" ? compose("--project-name", name, verb) : docker(verb, "--", name),
    timeoutMs: 120_000,
  };
}

/** Containers and Compose projects. */
export const lifecycle: LifecycleVerbs = {
  *start(resource, host): Planning<Steps> {
    const step = yield* word("start", resource, host);
    if ("whyNot" in step) return step;
    // A project may have containers that did their work and left: nobody can tell them from stopped ones before.
    if (resource.kind === "project") return [{ ...step, effect: "changes", again: "safe" }];
    return [{ ...step, effect: "changes", done: isUp(resource, host) }];
  },
  *stop(resource, host): Planning<Steps> {
    const step = yield* word("stop", resource, host);
    if ("whyNot" in step) return step;
    return [{ ...step, effect: "interrupts", done: expectStates(resource, host, "is stopped", noneUp) }];
  },
  *restart(resource, host): Planning<Steps> {
    const step = yield* word("restart", resource, host);
    if ("whyNot" in step) return step;
    const containers = (yield* learn(host, list(resource, "{{.ID}}"))).split("\n").filter((id) => id !== "");
    const command = starts(containers);
    const done: Check = {
      kind: "command",
      title: `${resource.name} was started anew`,
      host,
      command,
      expect: { stdoutNot: yield* learn(host, command) },
    };
    return [{ ...step, effect: "interrupts", done, downMs: 2_000 }];
  },
  isRunning: (resource, host) => [isUp(resource, host)],
  isAllRunning: (resource, host) => [expectStates(resource, host, "runs as a whole", allUp)],
  life: (resource) => {
    const containers = resource.uses.flatMap((reference) => /^container:(.*)/.exec(reference)?.[1] ?? []);
    const known = resource.kind === "container" ? [resource.name] : containers;
    return [
      known.length > 0
        ? { title: `the starts of ${resource.name}`, command: starts(known) }
        : { title: `what runs of ${resource.name}`, command: list(resource, "{{.ID}}") },
    ];
  },
};
