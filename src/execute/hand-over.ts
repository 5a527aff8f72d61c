// While a service is away every question costs time: so the host gets the steps until it is back at once.
import { quote } from "../command/command.ts";
import type { Check, RunStep, Step, UploadStep, WaitStep } from "../plan/plan.ts";
import { toText } from "../plan/text.ts";
import { announce } from "./announce.ts";
import { uploadScript } from "./file-scripts.ts";
import type { Work } from "./hands.ts";
import { type JobState, lookAtJob, type PreparedJob, prepareJobs } from "./host-jobs.ts";
import { script } from "./host-script.ts";
import { holds } from "./job-scripts.ts";
import { readSource } from "./own-files.ts";
import { persist } from "./persist.ts";
import { quell } from "./run-job.ts";
import { attemptsOf } from "./story.ts";

export type Member = RunStep | UploadStep | WaitStep;

/**
 * The steps that the host can take by itself once it was told to take this one, which interrupts something: without the
 * first. None of them begins unless the one before it ended well and the host itself has seen that it is done.
 */
export function followersOf(first: RunStep, { plan }: Work): readonly Member[] {
  const at = plan.steps.indexOf(first);
  if (at < 0 || first.effect !== "interrupts" || first.secrets) return [];
  const followers: Member[] = [];
  let last: Member = first;
  for (const next of plan.steps.slice(at + 1)) {
    if (!mayFollow(next, first.host) || wordCheck(last, next) === undefined) break;
    followers.push(next);
    last = next;
  }
  return untilBack(followers);
}

/** What only looks, or only writes, brings nothing back: the last is a command. */
export const untilBack = (steps: readonly Member[]): readonly Member[] =>
  steps.slice(0, steps.findLastIndex(({ kind }) => kind === "run") + 1);

function mayFollow(step: Step, host: string): step is Member {
  if (step.commit || step.optional || step.effect === "destroys") return false;
  switch (step.kind) {
    case "run":
      return step.host === host && !step.secrets;
    case "upload":
      return step.host === host;
    case "wait":
      return step.host === host && !step.steadyMs && !step.unchanged && step.until.every(wordOne);
    default:
      return false;
  }
}

/** What shows the host that `step` is done and `next` may follow. Undefined where only we can judge that. */
function wordCheck(step: Member, next: Member): string | undefined {
  if (step.kind === "run" && (step.okExitCodes || step.output)) return undefined;
  const checks = [...(step.done ? [step.done] : []), ...(next.needs ?? [])];
  const words = checks.map((check) => (check.host === step.host ? wordOne(check) : undefined));
  return words.includes(undefined) ? undefined : [...words, `exit ${holds}`].join(" && ");
}

/** In the words of a shell, for root. At least as strict as `ask`. */
function wordOne(check: Check): string | undefined {
  if (check.kind !== "command" || !check.command.asRoot || check.command.input) return undefined;
  const { expect } = check;
  const words = toText(check.command);
  if ("exitCode" in expect) return `{ ${words}; [ $? = ${expect.exitCode} ]; }`;
  if ("stdout" in expect) return `o=$(${words}) && [ "$o" = ${quote(expect.stdout)} ]`;
  const pattern = "stdoutMatches" in expect ? expect.stdoutMatches : "";
  const oneOf = /^\^\((\w+(?:\|\w+)*)\)\$$/.exec(pattern)?.[1];
  return oneOf && `o=$(${words}) && case $o in ${oneOf}) true ;; *) false ;; esac`;
}

/** Lays the steps down on the host. They begin when the first of them is submitted. */
export async function layDown(steps: readonly Member[], work: Work): Promise<void> {
  const { plan, owner, transport, patienceMs } = work;
  const jobs = await Promise.all(
    steps.map(async (step, index): Promise<PreparedJob> => {
      const next = steps[index + 1];
      const check = next && wordCheck(step, next);
      return { step: step.id, ...(await wordJob(step, plan.id)), ...(check === undefined ? {} : { check }) };
    }),
  );
  const link = transport.link(steps[0]?.host ?? "");
  await persist(patienceMs, () => prepareJobs(link, plan.id, owner, jobs));
}

async function wordJob(step: Member, operation: string): Promise<Pick<PreparedJob, "text" | "input">> {
  switch (step.kind) {
    case "run":
      return { text: toText(step.command) };
    case "wait":
      return { text: step.until.map(wordOne).join(" && ") };
    case "upload": {
      const { id, path, mode, owner = "root:root" } = step;
      const upload = toText(script("upload", uploadScript, operation, id, path, mode, owner));
      const input = await readSource(step);
      // By its bytes: not every text ends with the end of a line.
      const text = `# upload ${quote(path)}\n[ -e "\${0%/*}/input" ] || exit\nhead -c ${Buffer.byteLength(input)} "\${0%/*}/input" | ${upload}`;
      return { text, input };
    }
    default:
      return step satisfies never;
  }
}

const wasHandedOver = ({ id }: Step, { journal }: Work): boolean =>
  journal.records().some((record) => record.kind === "intent" && record.with?.includes(id) === true);

/** The host was given it together with an earlier step, and nobody heard yet that it came to it. */
export const isHandedOver = (step: Step, work: Work): step is Member =>
  attemptsOf(step, work) === 0 && wasHandedOver(step, work);

/** Writes down that the host came to a step by itself, if it did. */
export async function catchUp(step: Step, work: Work): Promise<void> {
  if (!isHandedOver(step, work)) return;
  if (hasBegun(await lookThere(step, work))) tell(step, work);
  // We upload it ourselves: not beside the host.
  else if (step.kind === "upload") await letGo(step, work);
}

/** Sees to it that the host begins nothing any more of what it was given, and writes down what it did begin. */
export async function takeBack(work: Work): Promise<void> {
  for (const step of work.plan.steps) if (isHandedOver(step, work)) await letGo(step, work);
}

/** Did it end well there, and has the host seen that it is done? False also where it never came to it; nothing of it goes on then. */
export async function wasDoneThere(step: UploadStep | WaitStep, work: Work): Promise<boolean> {
  if (!wasHandedOver(step, work)) return false;
  const untilMs = Date.now() + step.timeoutMs;
  let state = await lookThere(step, work);
  while (state.word === "running" && Date.now() < untilMs) state = await lookThere(step, work);
  if (state.word === "running") state = await quell(step, 1, work);
  return state.word === "finished" && state.isChecked === true;
}

async function lookThere({ host, id }: Member, { transport, plan, patienceMs }: Work): Promise<JobState> {
  return (await persist(patienceMs, () => lookAtJob(transport.link(host), plan.id, id, 0))).state;
}

async function letGo(step: Member, work: Work): Promise<void> {
  if (hasBegun(await quell(step, 1, work))) tell(step, work);
}

const hasBegun = ({ word }: JobState): boolean => !["none", "claimed", "never"].includes(word);

function tell(step: Member, work: Work): void {
  announce(step, work);
  work.journal.note({ kind: "started", step: step.id });
}
