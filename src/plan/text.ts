import { type Command, quote, type Secrets, toArgv, toShell } from "../command/command.ts";
import { toDuration } from "../words.ts";
import {
  type Check,
  downtimeOf,
  type Effect,
  type Expected,
  type Plan,
  type Step,
  worstEffect,
} from "./plan.ts";

/** Before a step, so that what it does is seen without colours, too. */
export const effectSigns: Record<Effect, string> = {
  reads: "?",
  changes: "~",
  interrupts: "!",
  destroys: "-",
};

const meanings: Record<Effect, string> = {
  reads: "looks only",
  changes: "changes",
  interrupts: "interrupts what people use",
  destroys: "DESTROYS",
};

/** What a person has to know of a plan first: how long, how bad, how long away, and what if a step fails. */
export function factsOf(plan: Plan): readonly string[] {
  const downMs = downtimeOf(plan);
  return [
    `${plan.steps.length} step${plan.steps.length === 1 ? "" : "s"}`,
    meanings[worstEffect(plan)],
    ...(downMs > 0 ? [`away for about ${toDuration(downMs)}`] : []),
    plan.onFailure === "walk-back" ? "walks back when a step fails" : "stops when a step fails",
  ];
}

/** The exact words of a command, as its host gets them before it becomes root. */
export const toText = (command: Command): string => toShell(command, "root", "unlimited");

/** The same for a glance: of a script that is one of its words, how long it is. */
const toShortText = (command: Command): string => toArgv(command, "root", "unlimited").map(shorten).join(" ");

// A path or a tag may be as long; nobody reads a script between two others.
const mostOfWord = 72;

function shorten(word: string): string {
  if (!/\s/.test(word) || (word.length <= mostOfWord && !word.includes("\n"))) return quote(word);
  const lines = word.trim().split("\n").length;
  return lines > 1 ? `‹${lines} lines›` : `‹${word.length} characters›`;
}

/** What a step says or does, in one line: the words that the host receives, where there are some; or these for a glance. */
export function describeStep(step: Step, length: "full" | "short" = "full"): string {
  const say = length === "full" ? toText : toShortText;
  switch (step.kind) {
    case "run":
      return `${describeSecrets(step.secrets)}${say(step.command)}`;
    case "transfer":
      return `${step.from.host}: ${say(step.from.command)} | ${step.host}: ${say(step.command)}`;
    case "wait":
      return step.until.map(describeCheck).join(" and ");
    case "upload":
      return `${step.path} (${step.mode}${step.owner ? ` ${step.owner}` : ""}) ${
        "file" in step.source ? `from ${step.source.file}` : `${Buffer.byteLength(step.source.text)} bytes`
      }`;
    case "take-away":
      return `rm ${step.path}`;
    case "put-back":
      return `${step.path} as it was`;
    case "local":
      return `${step.argv.join(" ")} (in ${step.cwd})`;
    case "edit":
      return `${step.file}:${step.line}: ${step.was} → ${step.becomes}`;
    default:
      return step satisfies never;
  }
}

const describeSecrets = (secrets: Secrets = {}): string =>
  Object.entries(secrets)
    .map(([name, reference]) => `${name}=‹${reference}› `)
    .join("");

export function describeCheck(check: Check): string {
  if (check.kind === "command") return `${toText(check.command)} ${describeExpected(check.expect)}`;
  return check.check.kind === "http" ? check.check.url : `${check.check.address}:${check.check.port}`;
}

function describeExpected(expect: Expected): string {
  if ("exitCode" in expect) return `→ exit ${expect.exitCode}`;
  if ("stdout" in expect) return `→ ${expect.stdout}`;
  if ("stdoutNot" in expect) return `→ not ${expect.stdoutNot}`;
  if ("withoutLine" in expect) return `→ no line ${expect.withoutLine}`;
  if ("stdoutLacks" in expect) return `→ not /${expect.stdoutLacks}/`;
  return `→ /${expect.stdoutMatches}/`;
}
