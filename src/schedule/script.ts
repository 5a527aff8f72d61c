import { quote } from "../command/command.ts";
import type { Keep } from "../inventory/service.ts";
import type { Check, Step } from "../plan/plan.ts";
import { toTagWord } from "../plan/snapshot-tag.ts";
import { type Job, sayJob } from "./jobs.ts";
import { letGo, sayPolicy } from "./retention.ts";
import { runtime } from "./runtime.ts";
import { toFunctions, toTest, type Wording } from "./shell.ts";

/** What a job does on its host, worded by the same operations that do it from here. */
export interface Work {
  readonly job: Job;
  readonly host: string;
  /** The steps as plans have them. The first whose conditions hold are taken; the last has none. */
  readonly ways: readonly { readonly when: readonly Check[]; readonly steps: readonly Step[] }[];
  /** What lets old snapshots go after it. */
  readonly prune?: Pruning;
  /** The references of the secrets that its steps need. */
  readonly secrets: readonly string[];
  readonly notes: readonly string[];
}

export interface Pruning {
  readonly keep: Keep;
  /** How many places a whole snapshot has. */
  readonly places: number;
  readonly before: readonly Step[];
  readonly listings: readonly Step[];
  /** Of the snapshot `goneTag`. */
  readonly destroy: readonly Step[];
  readonly after: readonly Step[];
}

/** Where begins what all of them have in common. */
export const sharedLine = runtime.trim().split("\n")[0] ?? "";

/** So long a run waits for others that hold its host: never into its next time. */
const patienceOf = (everyMs: number): number => Math.max(10, Math.min(3600, Math.floor(everyMs / 2000)));

/** The program of a job: POSIX sh, which needs nothing but the tools that its steps name. */
export function toScript({ job, ways, prune }: Work, wording: Wording): string {
  const { name, service, what, ping = "" } = job;
  const title = `${what === "snapshot" ? "Snapshot" : "Back up"} ${service.name}${job.to === undefined ? "" : ` to ${job.to}`}`;
  let count = 0;
  const functions: string[] = [];
  const number = (steps: readonly Step[]): string => {
    const numbers = steps.map((step) => {
      count += 1;
      functions.push(...toFunctions(step, `${count}`, wording));
      return count;
    });
    return numbers.join(" ");
  };
  const choices = ways.map(({ when, steps }) => ({
    test: when.map((check) => toTest(check, wording)).join(" && "),
    numbers: number(steps),
  }));
  const pruning = prune ? toPruning(prune, toTagWord(service.name), number) : [];
  const text = [
    "#!/bin/sh",
    `# The ${sayJob(job)} of ${service.name}, as the inventory declares it. \`scrap schedule install\` put this here and writes it anew,`,
    `# \`scrap schedule remove ${service.name}\` takes it away. Started without arguments it does its work once.`,
    `name=${quote(name)} what=${what} word=${quote(toTagWord(service.name))}`,
    `title=${quote(title)}`,
    `ping=${quote(ping)}`,
    `patience=${patienceOf(job.everyMs)}`,
    ...functions,
    "",
    "choose() {",
    ...choices.map(({ test, numbers }) =>
      test === "" ? `  echo ${numbers}` : `  if ${test}; then echo ${numbers}; return; fi`,
    ),
    "}",
    ...pruning,
    runtime.trimEnd(),
    "",
    'main "$@"',
    "",
  ].join("\n");
  if (/19700101-0000|19700102-0000/.test(text))
    throw new TypeError(`${name}: something in it still has to be filled in.`);
  return text;
}

function toPruning(
  { keep, places, before, listings, destroy, after }: Pruning,
  word: string,
  number: (steps: readonly Step[]) => string,
): readonly string[] {
  const [open, list, gone, close] = [before, listings, destroy, after].map(number);
  return [
    "",
    "# Lets go what the policy does not keep.",
    `let_go() { awk -v word=${word} -v wanted=${places} -v policy=${quote(sayPolicy(keep))} ${quote(letGo)}; }`,
    "prune() {",
    `  go ${open} || return 1`,
    '  : >"$j/tags"',
    `  for step in ${list}; do "step_$step" >>"$j/tags" 2>"$j/step" || { why="the snapshots cannot be listed$(last_line "$step")"; return 1; }; done`,
    '  for tag in $(let_go <"$j/tags"); do',
    `    go ${gone} || return 1`,
    "  done",
    `  go ${close}`,
    "}",
  ];
}
