import { type Command, quote, toArgv } from "../command/command.ts";
import { Refused } from "../errors.ts";
import type { Check, RunStep, Step, WaitStep } from "../plan/plan.ts";

/** Stand for the id of a run and for the tag of a snapshot until there are some. As long as real ones, and read alike. */
export const idOf = (operation: string, word: string): string => `19700101-0000-${operation}-${word}-q0q0`;
export const goneTag = "scrap-19700102-0000-snapshot-q0q0-q0q0";

/** Where a step looks for what a secret is. Throws for one that it has no file of. */
export type SecretFile = (reference: string) => string;

/** Words steps of a plan for a shell on their host: the same commands, the same checks. */
export interface Wording {
  readonly id: string;
  readonly secretFile: SecretFile;
}

/** One word, whose parts that are known only when it runs are variables. */
export const toWord = (text: string, { id }: Pick<Wording, "id">): string =>
  text
    .split(new RegExp(`(${id}|${goneTag})`))
    .map((part) => (part === id ? '"$id"' : part === goneTag ? '"$tag"' : part === "" ? "" : quote(part)))
    .join("") || "''";

/** The functions of step `n`: what it needs, does, is judged by and is seen to be done by, and its way back. */
export function toFunctions(step: Step, n: string, wording: Wording): readonly string[] {
  const undo = step.undo ?? [];
  const undone = undo.map((_, index) => `${n}_${index + 1}`);
  return [
    "",
    `say_${n}() { echo ${toWord(step.title, wording)}; }`,
    ...(step.optional ? [`optional_${n}=1`] : []),
    ...(/(^|-)hook-/.test(step.id) ? [`quiet_${n}=1`] : []),
    ...(step.commit ? [`commit_${n}=1`] : []),
    ...toCheck(`needs_${n}`, step.needs ?? [], wording),
    ...toDeed(step, n, wording),
    ...toCheck(`done_${n}`, step.done ? [step.done] : [], wording),
    ...undo.flatMap((each, index) => toFunctions(each, undone[index] ?? "", wording)),
    ...(undo.length > 0 ? [`undo_${n}() { go ${undone.join(" ")}; }`] : []),
  ];
}

function toDeed(step: Step, n: string, wording: Wording): readonly string[] {
  if (step.kind === "run") return [`step_${n}() {`, ...toRun(step, wording), "}", ...toJudgement(step, n)];
  if (step.kind === "wait") return toWait(step, n, wording);
  throw new Refused(`“${step.title}” cannot be done by ${"host" in step ? step.host : "a host"} alone.`);
}

function toRun({ command, timeoutMs, secrets = {} }: RunStep, wording: Wording): readonly string[] {
  const seconds = Math.ceil(timeoutMs / 1000);
  const names = Object.entries(secrets).map(
    ([name, reference]) =>
      `  ${name}=$(cat ${quote(wording.secretFile(reference))}) && export ${name} || return 78`,
  );
  return [...names, `  timeout -k 10 ${seconds} ${toCommand(command, "unlimited", wording)}`];
}

/** With what it reads. */
function toCommand(command: Command, time: "limited" | "unlimited", wording: Wording): string {
  const words = toArgv(command, "root", time).map((word) => toWord(word, wording));
  const { input } = command;
  if (!input) return words.join(" ");
  if ("secret" in input) return `${words.join(" ")} <${quote(wording.secretFile(input.secret))}`;
  return `${words.join(" ")} <<'END_OF_INPUT'\n${input.text.replace(/\n?$/, "\n")}END_OF_INPUT\n`;
}

/** How its output and exit code in `$code` are judged. 0 alone is success where it does not say. */
function toJudgement({ okExitCodes = [0], output, means = {} }: RunStep, n: string): readonly string[] {
  const meanings = Object.entries(means);
  if (okExitCodes.length === 1 && okExitCodes[0] === 0 && !output && meanings.length === 0) return [];
  const tests = [
    ...meanings.map(([code, what]) => `[ $code != ${code} ] || why=${quote(what)}`),
    `case $code in ${okExitCodes.join("|")}) ;; *) return 1 ;; esac`,
    ...(output?.must === undefined
      ? []
      : [
          `grep -Eq ${toPattern(output.must)} "$j/step" || { why="exit $code, but it does not say that it is done"; return 1; }`,
        ]),
    ...(output?.mustNot === undefined
      ? []
      : [
          `! grep -Eq ${toPattern(output.mustNot)} "$j/step" || { why="exit $code, but it tells of a failure"; return 1; }`,
        ]),
  ];
  return [`judge_${n}() {`, ...tests.map((test) => `  ${test}`), "}"];
}

/** Of JavaScript, as far as grep -E says the same. */
function toPattern(pattern: string): string {
  const posix = pattern
    .replaceAll("\\d", "[0-9]")
    .replaceAll("\\w", "[A-Za-z0-9_]")
    .replaceAll("\\S", "[^[:space:]]");
  if (/\(\?|\\[a-z]|[*+?}]\?/.test(posix)) throw new TypeError(`grep -E does not understand ${pattern}`);
  return quote(posix);
}

function toCheck(name: string, checks: readonly Check[], wording: Wording): readonly string[] {
  const tests = checks.map((check) => toTest(check, wording));
  return tests.length === 0 ? [] : [`${name}() {`, ...tests.map((test) => `  ${test} || return 1`), "}"];
}

/** A condition for the shell. What is asked over the network from us, a host does not ask itself. */
export function toTest(check: Check, wording: Wording): string {
  if (check.kind === "reach") throw new TypeError(`${check.title}: nobody there asks that.`);
  const words = toCommand(
    { ...check.command, timeoutMs: check.command.timeoutMs ?? 10_000 },
    "limited",
    wording,
  );
  const { expect } = check;
  if ("exitCode" in expect) return `exits ${expect.exitCode} ${words}`;
  if ("stdout" in expect) return `says = ${toWord(expect.stdout, wording)} ${words}`;
  if ("stdoutNot" in expect) return `says != ${toWord(expect.stdoutNot, wording)} ${words}`;
  if ("withoutLine" in expect) return `says without ${toWord(expect.withoutLine, wording)} ${words}`;
  if ("stdoutLacks" in expect) return `says lacking ${toMatching(expect.stdoutLacks, wording)} ${words}`;
  return `says matching ${toMatching(expect.stdoutMatches, wording)} ${words}`;
}

const toMatching = (pattern: string, wording: Wording) => {
  toPattern(pattern);
  return toWord(pattern, wording);
};

function toWait(step: WaitStep, n: string, wording: Wording): readonly string[] {
  const { until, timeoutMs, steadyMs = 0, unchanged = [] } = step;
  const tests = until.filter(({ kind }) => kind === "command").map((check) => toTest(check, wording));
  const lives = unchanged.map(({ command }) => toCommand(command, "limited", wording));
  return [
    `well_${n}() { ${["true", ...tests].join(" && ")}; }`,
    `life_${n}() { ${["true", ...lives].join("; ")}; }`,
    `step_${n}() { wait_until ${n} ${Math.ceil(timeoutMs / 1000)} ${Math.ceil(steadyMs / 1000)}; }`,
  ];
}
