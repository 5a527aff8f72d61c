import type { Command, Secrets } from "../command/command.ts";
import type { HealthCheck } from "../inventory/service.ts";

/** What a step does to what people depend on, mildest first. The worst of a plan decides the consent it needs. */
export const effects = ["reads", "changes", "interrupts", "destroys"] as const;
export type Effect = (typeof effects)[number];

/** A question with a yes or no answer. Data, so that a plan can be kept. Any exit code that is not expected is a no. */
export type Check = { readonly title: string; readonly host: string } & (
  | {
      readonly kind: "command";
      readonly command: Command;
      readonly expect: Expected;
      /** Any exit code but 0 is no answer: what it asks lies further away than the host. */
      readonly mustAnswer?: true;
    }
  /** A connection made by the host, or an answer over HTTP. */
  | { readonly kind: "reach"; readonly check: Exclude<HealthCheck, { kind: "command" }> }
);

/** Standard output is compared without the white space around it. `stdoutLacks`: a pattern that is nowhere in it. */
export type Expected =
  | { readonly exitCode: number }
  | { readonly stdout: string }
  | { readonly stdoutNot: string }
  /** A list that does not have it. */
  | { readonly withoutLine: string }
  | { readonly stdoutMatches: string }
  | { readonly stdoutLacks: string };

interface StepBase {
  /** Unique in its plan: lower case, digits and `-`. The journal and the host's job records refer to a step by it. */
  readonly id: string;
  /** For people, in the imperative: "Stop web". */
  readonly title: string;
  readonly effect: Effect;
  /** What must hold before it. Asked right before the step. */
  readonly needs?: readonly Check[];
  /** Is the effect there? Where it is already, the step is left out; after the step it must be. */
  readonly done?: Check;
  /** Doing it once more harms nothing: so it may be repeated when nobody knows whether it was done. */
  readonly again?: "safe";
  /** The way back, in the order in which it is walked. Empty where it leaves nothing that has to go; absent: none leads back. */
  readonly undo?: readonly Step[];
  /** No longer than this. */
  readonly timeoutMs: number;
  /** The service is expected to be away for so long. */
  readonly downMs?: number;
  /** What will be other than it is, line by line, as far as that may be shown. */
  readonly diff?: readonly string[];
  /** What tells why it failed, such as a log: its last lines become part of the message, without those that match `ignore`. */
  readonly explain?: { readonly host: string; readonly command: Command; readonly ignore?: string };
  /** By name, what it leaves behind for a person to look at, and to take away one day. */
  readonly keeps?: readonly string[];
  /** By name, what is gone for good after it. */
  readonly destroys?: readonly string[];
  /** Once it is done, nothing is walked back. */
  readonly commit?: true;
  /** That it failed is a warning: what tidies up after the commit. */
  readonly optional?: true;
}

/** One command, run as a job of the host's own that outlives the connection. */
export interface RunStep extends StepBase {
  readonly kind: "run";
  readonly host: string;
  readonly command: Command;
  /** 0 alone, when absent. */
  readonly okExitCodes?: readonly number[];
  /** What an exit code means to a person. */
  readonly means?: Readonly<Record<string, string>>;
  /** Patterns for its output, for tools whose exit code says too little. `means`: what it says when it fails, in plain words. */
  readonly output?: {
    readonly must?: string;
    readonly mustNot?: string;
    /** The first counts that matches, whatever the case. */
    readonly means?: readonly { readonly match: string; readonly says: string }[];
  };
  /** For its environment. They lie in the host's memory until it starts, and are in no record of it. */
  readonly secrets?: Secrets;
}

/**
 * A stream from a command of one host to a command of another one, through us: neither can let itself in at the other. It
 * lives with the process that carries the plan out, and ends when that is cut off: then it begins again, so both commands
 * must bear to be said again.
 */
export interface TransferStep extends StepBase {
  readonly kind: "transfer";
  /** Gets it. */
  readonly host: string;
  /** Both of its outputs are shown; that it ends with 0 says that all of it arrived. */
  readonly command: Command;
  readonly from: { readonly host: string; readonly command: Command };
  /** Asked of who gets it: what it answers is what `from` reads, such as from where to go on. */
  readonly resumes?: Command;
}

/** Asks until all answers are yes, and stay so. */
export interface WaitStep extends StepBase {
  readonly kind: "wait";
  readonly host: string;
  readonly until: readonly Check[];
  readonly everyMs: number;
  /** They must hold that long without a break. */
  readonly steadyMs?: number;
  /** What must answer the same all that time, such as the count of restarts. */
  readonly unchanged?: readonly { readonly title: string; readonly command: Command }[];
}

/** A small file, put in place whole or not at all. What was there is kept on the host until the operation is forgotten. */
export interface UploadStep extends StepBase {
  readonly kind: "upload";
  readonly host: string;
  readonly path: string;
  /** Octal: `0644`. */
  readonly mode: string;
  /** `user:group`; root's when absent. */
  readonly owner?: string;
  readonly sha256: string;
  /** A file of ours, absolute, which must have that digest when it is sent; or a text that is no secret. */
  readonly source: { readonly file: string } | { readonly text: string };
}

/** Takes a file away that we put there. What it was is kept as that of an upload is. */
export interface TakeAwayStep extends StepBase {
  readonly kind: "take-away";
  readonly host: string;
  readonly path: string;
}

/** Puts back what the upload or taking away `of` found, or takes the file away where it found none. */
export interface PutBackStep extends StepBase {
  readonly kind: "put-back";
  readonly host: string;
  readonly path: string;
  readonly of: string;
}

/** A program of this machine, such as the user's playbook. */
export interface LocalStep extends StepBase {
  readonly kind: "local";
  readonly argv: readonly [program: string, ...args: string[]];
  readonly cwd: string;
}

/** Changes one place of a file of ours, such as a pinned version; all else of it stays as it is. */
export interface EditStep extends StepBase {
  readonly kind: "edit";
  readonly file: string;
  readonly line: number;
  readonly was: string;
  readonly becomes: string;
  /** Where `was` begins, in UTF-16 units of the text. */
  readonly offset: number;
  readonly sha256Before: string;
  readonly sha256After: string;
}

export type Step =
  | RunStep
  | TransferStep
  | WaitStep
  | UploadStep
  | TakeAwayStep
  | PutBackStep
  | LocalStep
  | EditStep;

/** A field that the plan was drawn from. Another answer means that the world has moved since. */
export type Basis = { readonly title: string } & (
  | { readonly kind: "host"; readonly host: string; readonly command: Command; readonly stdout: string }
  /** A file of ours; `absent` where there was none. */
  | { readonly kind: "file"; readonly file: string; readonly sha256: string }
);

/** What would be done. Plain JSON: it is shown, kept and run, and it is the same thing each time. */
export interface Plan {
  readonly format: 1;
  /** `20261121-1412-upgrade-web-x7k2`. The tag of all that the operation makes: jobs, snapshots, copies. */
  readonly id: string;
  /** The verb: deploy, upgrade … */
  readonly operation: string;
  readonly title: string;
  /** RFC 3339. */
  readonly madeAt: string;
  readonly services: readonly string[];
  /** The hosts that are locked for it, sorted. */
  readonly hosts: readonly string[];
  readonly basis: readonly Basis[];
  readonly onFailure: "stop" | "walk-back";
  readonly steps: readonly Step[];
  /** What a person should know before they consent. */
  readonly notes: readonly string[];
}

/** The worst that the steps do. A way back is not counted: it is walked when something worse happened. */
export function worstEffect({ steps }: Pick<Plan, "steps">): Effect {
  const ranks = steps.map(({ effect }) => effects.indexOf(effect));
  return effects[Math.max(0, ...ranks)] ?? "reads";
}

/** What is gone for good when the plan was carried out. */
export const destroyedBy = ({ steps }: Pick<Plan, "steps">): readonly string[] =>
  steps.flatMap(({ destroys }) => destroys ?? []);

/** The expected interruption. */
export const downtimeOf = ({ steps }: Pick<Plan, "steps">): number =>
  steps.reduce((sum, { downMs = 0 }) => sum + downMs, 0);

export const hostOf = (step: Step): string | undefined => ("host" in step ? step.host : undefined);

/** A new id for a plan that is made now. `salt` keeps apart what is planned in the same minute. */
export function toPlanId(operation: string, subject: string, now: Date, salt: string): string {
  const minute = now.toISOString().slice(0, 16).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${minute}-${operation}-${toIdWord(subject)}-${salt}`;
}

/** What an operation is about, as its id says it. With the id of a step, that is the name of a folder and of a systemd unit: 255 bytes are all there are. */
const toIdWord = (subject: string): string =>
  subject
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 60);

/** Of an id: is it of one of these verbs, about that? */
export function isAbout(id: string, operations: readonly string[], subject: string): boolean {
  const [, what] = /^\d{8}-\d{4}-(.+)-[^-]+$/.exec(id) ?? [];
  return operations.some((operation) => what === `${operation}-${toIdWord(subject)}`);
}

/** The same steps under other ids: for what is asked for more than once in a plan. */
export const withPrefix = (prefix: string, steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({
    ...step,
    id: `${prefix}-${step.id}`,
    ...(step.kind === "put-back" ? { of: `${prefix}-${step.of}` } : {}),
    ...(step.undo ? { undo: withPrefix(prefix, step.undo) } : {}),
  }));
