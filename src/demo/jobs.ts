import { putBackScript, takeAwayScript, uploadScript } from "../execute/file-scripts.ts";
import { lockedExitCode } from "../execute/host-scripts.ts";
import {
  cancelScript,
  lookScript,
  prepareScript,
  submitScript,
  surveyScript,
} from "../execute/job-scripts.ts";
import { lockScript, unlockScript } from "../execute/lock-scripts.ts";
import { type Answer, complain, lines, type Surroundings, say } from "./answers/tool.ts";
import { putFileBack, takeFileAway, uploadFile } from "./file-jobs.ts";
import { hexOf } from "./stand-ins.ts";

/** A job that was submitted to a simulated host. It was over at once. */
export interface Job {
  readonly operation: string;
  readonly owner: string;
  readonly submittedAt: number;
  readonly command: string;
  readonly output: string;
  readonly exitCode: number;
}

type Run = (
  command: string,
  environment: Readonly<Record<string, string>>,
) => {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
};
type Script = (args: readonly string[], surroundings: Surroundings, run: Run) => Answer;

const nothing: Answer = say("");

/** Why nobody else may change this host now. */
function held(operation: string | undefined, { host }: Surroundings): Answer | undefined {
  if (host.lock && host.lock[0] === operation) return undefined;
  return { exitCode: lockedExitCode, stdout: lines(host.lock ?? []), stderr: "" };
}

const secondsOf = ({ now, dateOf }: Surroundings) => `${Math.floor(dateOf(now).getTime() / 1000)}`;

const lock: Script = (args, surroundings) => {
  const { host } = surroundings;
  const word = host.lock ? "had" : "taken";
  host.lock ??= [...args, secondsOf(surroundings), hexOf(`${host.name} ${host.bootedAt}`, 32)];
  return held(args[0], surroundings) ?? say(lines([word, ...changesSince(args, surroundings)]));
};

/** Who changed the host since that operation was here, which is kept. */
function changesSince([id = "", ...about]: readonly string[], surroundings: Surroundings): readonly string[] {
  const { changes } = surroundings.host;
  const ran = (list: readonly string[]) => list.filter((line) => line.startsWith("ran "));
  const last = changes.findLastIndex((line) => line.split(" ")[1] === id);
  if (last >= 0) return ran(changes.slice(last + 1));
  const before = ran(changes).slice(-1);
  changes.push(`held ${id} ${secondsOf(surroundings)} ${about.join(" ")}`);
  return before;
}

function note(operation: string, surroundings: Surroundings): void {
  const { changes, lock: [, ...about] = [] } = surroundings.host;
  if (changes.at(-1)?.startsWith(`ran ${operation} `)) return;
  changes.push(`ran ${operation} ${secondsOf(surroundings)} ${about.slice(0, 2).join(" ")}`);
}

const unlock: Script = ([operation], { host }) => {
  if (host.lock?.[0] === operation) delete host.lock;
  return nothing;
};

const submit: Script = ([id = "", operation = "", owner = ""], surroundings, run) => {
  const { host, input = "" } = surroundings;
  const refusal = held(operation, surroundings);
  if (refusal) return refusal;
  if (!host.jobs.has(id)) {
    note(operation, surroundings);
    const [secrets = "", ...rest] = `\n${input.trimEnd()}`.split("\n\n");
    const command = rest.join("\n\n");
    const { stdout, stderr, exitCode } = run(command, toEnvironment(secrets));
    const submittedAt = Number(secondsOf(surroundings));
    host.jobs.set(id, { operation, owner, submittedAt, command, output: `${stdout}${stderr}`, exitCode });
  }
  return look([id, "0"], surroundings, run);
};

/** Lines of `NAME=value`, which no record keeps. */
const toEnvironment = (lines: string) =>
  Object.fromEntries([...lines.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

/** Nothing follows by itself here: whoever laid it down finds that it was not begun, and submits it. */
const prepare: Script = ([operation], surroundings) => held(operation, surroundings) ?? nothing;

const look: Script = ([id = "", from = "0"], { host }) => {
  const job = host.jobs.get(id);
  if (!job) return say("none\n0\n");
  const rest = Buffer.from(job.output).subarray(Number(from));
  return say(`finished ${job.exitCode}\n${rest.length}\n${rest.toString()}`);
};

const cancel: Script = ([id = "", operation], surroundings, run) =>
  held(operation, surroundings) ?? look([id], surroundings, run);

const survey: Script = (_, { host }) =>
  say(
    lines([
      ...(host.lock ? ["lock", ...host.lock] : []),
      ...[...host.jobs].flatMap(([id, { operation, owner, submittedAt, command, exitCode }]) => [
        `job ${id} finished ${exitCode}`,
        `of ${operation}`,
        `by ${owner}`,
        `at ${submittedAt}`,
        `says ${command}`,
      ]),
    ]),
  );

const upload: Script = ([operation = "", step = "", path = "", mode = "", owner = ""], surroundings) => {
  const { host, input = "" } = surroundings;
  const refusal = held(operation, surroundings);
  if (refusal) return refusal;
  note(operation, surroundings);
  uploadFile(host, { operation, step, path }, { text: input, mode, owner });
  return nothing;
};

const takeAway: Script = ([operation = "", step = "", path = ""], surroundings) => {
  const refusal = held(operation, surroundings);
  if (refusal) return refusal;
  note(operation, surroundings);
  takeFileAway(surroundings.host, { operation, step, path });
  return nothing;
};

/** Whoever never heard that it was put there may say so: then there is nothing to put back. */
const putBack: Script = ([operation = "", step = "", path = "", , word], surroundings) => {
  const refusal = held(operation, surroundings);
  if (refusal) return refusal;
  if (putFileBack(surroundings.host, { operation, step, path })) note(operation, surroundings);
  else if (word !== "begun") return complain(78, `what was at ${path} is not kept any more\n`);
  return nothing;
};

const scripts: ReadonlyMap<string, Script> = new Map([
  [lockScript, lock],
  [unlockScript, unlock],
  [prepareScript, prepare],
  [submitScript, submit],
  [lookScript, look],
  [cancelScript, cancel],
  [surveyScript, survey],
  [uploadScript, upload],
  [takeAwayScript, takeAway],
  [putBackScript, putBack],
]);

/** `sh -c` with a script of ours: it knows them by their text, as a host knows what it was told. */
export function runScript(args: readonly string[], surroundings: Surroundings, run: Run): Answer {
  const [option, text = "", , ...rest] = args;
  const script = option === "-c" ? scripts.get(text) : undefined;
  if (!script) return complain(127, "sh: this script is not simulated\n");
  if (surroundings.user !== "root")
    return complain(1, "mkdir: cannot create directory ‘/var/lib/scrap’: Permission denied\n");
  return script(rest, surroundings, run);
}
