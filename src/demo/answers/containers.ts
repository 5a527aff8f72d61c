import { hexOf } from "../stand-ins.ts";
import type { Container } from "../state-workloads.ts";
import { renderTemplate } from "./go-template.ts";
import { type Answer, complain, lines, say } from "./tool.ts";

/** What both engines have in common. */
export const idOf = (host: string, { name, user, createdAt }: Container): string =>
  hexOf(`${host} ${user ?? ""} ${name} ${createdAt}`, 64);

export const imageIdOf = ({ image }: Container): string => hexOf(`image ${image}`, 64);

/** `9 minutes`, as Go's units package says it. */
export function sayAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const units: readonly (readonly [limit: number, size: number, name: string])[] = [
    [60, 1, "second"],
    [3600, 60, "minute"],
    [48 * 3600, 3600, "hour"],
    [14 * 86_400, 86_400, "day"],
    [60 * 86_400, 7 * 86_400, "week"],
    [Number.POSITIVE_INFINITY, 30 * 86_400, "month"],
  ];
  if (seconds < 1) return "Less than a second";
  if (seconds >= 60 && seconds < 120) return "About a minute";
  if (seconds >= 3600 && seconds < 7200) return "About an hour";
  const [, size = 1, name = ""] = units.find(([limit]) => seconds < limit) ?? [];
  const count = Math.floor(seconds / size);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** `Up 9 minutes (healthy)` */
export function statusOf(
  { state, health, exitCode, startedAt, endedAt = startedAt }: Container,
  now: number,
): string {
  const up = `Up ${sayAge(now - startedAt)}`;
  if (state === "running") {
    if (health === "") return up;
    return `${up} (${health === "starting" ? "health: starting" : health})`;
  }
  if (state === "paused") return `${up} (Paused)`;
  if (state === "created") return "Created";
  if (state === "restarting") return `Restarting (${exitCode}) ${sayAge(now - endedAt)} ago`;
  return `Exited (${exitCode}) ${sayAge(now - endedAt)} ago`;
}

/** One line for each, or what is wrong with the template. */
export function renderEach(template: string, each: readonly unknown[]): Answer {
  try {
    return say(lines(each.map((data) => renderTemplate(template, data))));
  } catch (error) {
    return complain(1, `Error: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
