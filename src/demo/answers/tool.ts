import type { SimulatedHost } from "../state.ts";
import type { Moment } from "../state-time.ts";

/** What a program says in the end. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** It goes on: says more as it comes, until it is stopped. */
  readonly follow?: (say: (text: string) => void) => () => void;
}

/** Where and when a program runs, and as whom. */
export interface Surroundings {
  readonly host: SimulatedHost;
  readonly now: Moment;
  /** Where the demo's time is on the calendar. */
  readonly dateOf: (moment: Moment) => Date;
  readonly clock: () => Moment;
  readonly user: string;
  /** What a program reads on its standard input. */
  readonly input?: string;
  /** What a job was given besides its command. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders that it alone sees in the place of others. */
  readonly seen?: readonly { readonly from: string; readonly at: string }[];
}

export type Program = (args: readonly string[], surroundings: Surroundings) => Answer;

/** One tool with what it puts on a host. Its answers have the form of the real tool's, and are made from the state. */
export interface Tool {
  readonly isOn: (host: SimulatedHost) => boolean;
  /** By path. */
  readonly programs: Readonly<Record<string, Program>>;
  /** A path and what is in it; undefined for a directory. */
  readonly files?: (surroundings: Surroundings) => Iterable<FileEntry>;
}

export type FileEntry = readonly [path: string, content: (() => string) | undefined];

export const say = (stdout: string): Answer => ({ exitCode: 0, stdout, stderr: "" });

export const complain = (exitCode: number, stderr: string): Answer => ({ exitCode, stdout: "", stderr });

export const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join("");

/** Is this what was asked? `*` stands for any word. */
export const isAsked = (args: readonly string[], ...expected: readonly string[]): boolean =>
  args.length === expected.length && expected.every((word, at) => word === "*" || word === args[at]);

/** The value of `--option value` or `--option=value`. */
export function optionOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  if (at >= 0) return args[at + 1];
  return args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
}

/** What stands behind `--`. */
export const operandsOf = (args: readonly string[]): readonly string[] =>
  args.includes("--") ? args.slice(args.indexOf("--") + 1) : [];
