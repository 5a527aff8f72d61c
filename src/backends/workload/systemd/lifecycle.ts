import { command } from "../../../command/command.ts";
import type { Check, RunStep } from "../../../plan/plan.ts";
import { learn, type Planning } from "../../../plan/planning.ts";
import type { Resource } from "../../resource.ts";
import type { LifecycleVerbs, Steps } from "../../verbs.ts";

/** A user's manager is reached through the system's, which takes root. */
export const systemctl = ({ owner }: Pick<Resource, "owner">, ...args: readonly string[]) => ({
  ...command("systemctl", ...(owner ? ["--user", `--machine=${owner.name}@.host`] : []), ...args),
  asRoot: true,
});

export const show = (unit: Resource, property: string) =>
  systemctl(unit, "show", "--value", `--property=${property}`, "--", unit.name);

export const isInState = (unit: Resource, host: string, states: string): Check => ({
  kind: "command",
  title: `${unit.name} is ${states.replaceAll("|", " or ")}`,
  host,
  command: show(unit, "ActiveState"),
  expect: { stdoutMatches: `^(${states})$` },
});

// Longer than systemd itself waits for a service to start or to stop.
export const timeoutMs = 120_000;

const step = (verb: "start" | "stop" | "restart", unit: Resource, host: string): Omit<RunStep, "effect"> => ({
  kind: "run",
  id: verb,
  title: `${verb[0]?.toUpperCase()}${verb.slice(1)} ${unit.name}`,
  host,
  command: systemctl(unit, verb, "--", unit.name),
  timeoutMs,
});

export const lifecycle: LifecycleVerbs = {
  *start(unit, host): Planning<Steps> {
    const done = isInState(unit, host, "active");
    return [{ ...step("start", unit, host), effect: "changes", again: "safe", done }];
  },
  *stop(unit, host): Planning<Steps> {
    const done = isInState(unit, host, "inactive|failed");
    return [{ ...step("stop", unit, host), effect: "interrupts", again: "safe", done }];
  },
  *restart(unit, host): Planning<Steps> {
    const invocation = yield* learn(host, show(unit, "InvocationID"));
    const done: Check = {
      kind: "command",
      title: `${unit.name} was started anew`,
      host,
      command: show(unit, "InvocationID"),
      expect: { stdoutNot: invocation },
    };
    return [{ ...step("restart", unit, host), effect: "interrupts", done, downMs: 2_000 }];
  },
  *isThere(unit, host): Planning<boolean> {
    return (yield* learn(host, show(unit, "LoadState"))) === "loaded";
  },
  isRunning: (unit, host) => [isInState(unit, host, "active")],
  life: (unit) => [
    { title: `the count of restarts of ${unit.name}`, command: show(unit, "NRestarts") },
    { title: `the invocation of ${unit.name}`, command: show(unit, "InvocationID") },
  ],
};
