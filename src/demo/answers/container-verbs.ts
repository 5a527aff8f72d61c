import type { Moment } from "../state-time.ts";
import type { Container } from "../state-workloads.ts";
import { lines, say } from "./tool.ts";

const verbs = ["start", "stop", "restart"] as const;
type Verb = (typeof verbs)[number];

export const isContainerVerb = (word: string): word is Verb => verbs.some((verb) => verb === word);

/** `start`, `stop` and `restart` of containers, done at once. It names each of them, as the engines do. */
export function changeContainers(verb: Verb, containers: readonly Container[], now: Moment) {
  for (const container of containers) {
    const wasUp = container.state === "running";
    if (verb !== "start" && wasUp) Object.assign(container, { state: "exited", exitCode: 0, endedAt: now });
    if (verb !== "stop" && container.state !== "running")
      Object.assign(container, {
        state: "running",
        startedAt: now,
        restarts: 0,
        health: container.health === "" ? "" : "healthy",
      });
  }
  return say(lines(containers.map(({ name }) => name)));
}
