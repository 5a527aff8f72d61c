import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Backend } from "../src/backends/contract.ts";
import { keyOf, type Observation, type Observations, type Probe } from "../src/backends/probe.ts";
import { type Found, parseLook } from "../src/command/answers.ts";
import { type Output, type Question, toShell } from "../src/command/command.ts";
import { Failure } from "../src/errors.ts";
import type { Data } from "../src/inventory/service.ts";

/**
 * One answer that a real tool on a real host once gave, readable like a terminal session.
 *
 * A scene is a folder: one host in one situation, a file for each answer. `look.txt` is what was found there.
 */
export interface Recording {
  readonly file: string;
  /** When the host answered. */
  readonly at: Date;
  readonly shell: string;
  readonly output: Output;
  /** What our parser makes of it, as JSON. Absent in `look.txt`. */
  readonly fact: unknown;
}

const root = new URL("recordings/", import.meta.url);

export const scenes: readonly string[] = existsSync(root) ? readdirSync(root).sort() : [];

export function readScene(scene: string): readonly Recording[] {
  const folder = new URL(`${scene}/`, root);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".txt"))
    .sort()
    .map((file) => parseRecording(file, readFileSync(new URL(file, folder), "utf8")));
}

export function parseRecording(file: string, text: string): Recording {
  const [head = "", ...parts] = text.split(/^-- (\w+) --\n/m);
  const part = (title: string) => {
    const at = parts.indexOf(title);
    return at < 0 ? "" : (parts[at + 1] ?? "");
  };
  return {
    file,
    at: new Date(/^at\s+(\S+)$/m.exec(head)?.[1] ?? Number.NaN),
    shell: /^\$ (.*)$/m.exec(head)?.[1] ?? "",
    output: {
      exitCode: Number(/^exit\s+(\d+)$/m.exec(head)?.[1]),
      stdout: part("stdout"),
      stderr: part("stderr"),
    },
    fact: parts.includes("fact") ? JSON.parse(part("fact")) : undefined,
  };
}

/** What the file of a recording is called: `smart.disk@dev-sda.txt`. */
export const fileOf = (probe: Probe<unknown>): string =>
  `${probe.id}${probe.item === undefined ? "" : `@${probe.item.replace(/[^\w.-]+/g, "-").replace(/^-|-$/g, "")}`}.txt`;

/** The text of one recording. `host` is a distribution, never a name: `debian-13`. */
export function formatRecording({
  host,
  tool,
  at,
  question,
  output,
  fact,
}: {
  host: string;
  tool: string;
  at: Date;
  question: Question;
  output: Output;
  fact?: unknown;
}): string {
  const section = (title: string, text: string) =>
    text === "" ? "" : `-- ${title} --\n${text}${text.endsWith("\n") ? "" : "\n"}`;
  return [
    `host     ${host}\n`,
    tool === "" ? "" : `tool     ${tool}\n`,
    `at       ${at.toISOString()}\n`,
    `$ ${toShell(question)}\n`,
    `exit     ${output.exitCode}\n`,
    section("stdout", output.stdout),
    section("stderr", output.stderr),
    fact === undefined ? "" : section("fact", JSON.stringify(fact, null, 1)),
  ].join("");
}

/** The answers of a scene as a backend sees them. */
export interface Replay {
  readonly found: Found;
  readonly version?: string;
  readonly observations: Observations;
  readonly places: readonly Data[];
  /** Every probe that the backend asked for, in order. */
  readonly probes: readonly Probe<unknown>[];
  /** Those without a recording. */
  readonly missing: readonly string[];
}

/** A line for each place where a declared service would keep data: `zfs tank/mail`. */
export const placesFile = "places.txt";

export const parsePlaces = (text: string): readonly Data[] =>
  text.split("\n").flatMap((line) => {
    const [, kind, name] = /^(zfs|btrfs|path|volume|lvm) (.+)$/.exec(line) ?? [];
    return kind === undefined || name === undefined ? [] : [{ kind: kind as Data["kind"], name }];
  });

/** Plays a backend against a scene until it asks nothing new. */
export function replay(backend: Backend, recordings: readonly Recording[]): Replay | undefined {
  const look = recordings.find(({ file }) => file === "look.txt");
  const found = parseLook(look?.output.stdout ?? "");
  if (!backend.detect(found).present) return undefined;
  const places = parsePlaces(recordings.find(({ file }) => file === placesFile)?.output.stdout ?? "");

  const seen = new Map<string, Observation<unknown>>();
  const observations: Observations = {
    of: <Fact>(probe: Probe<Fact>) => (seen.get(keyOf(probe)) ?? { status: "unasked" }) as Observation<Fact>,
  };
  const asked: Probe<unknown>[] = [];
  const missing: string[] = [];
  const ask = (probe: Probe<unknown>) => {
    asked.push(probe);
    const recording = recordings.find(({ file }) => file === fileOf(probe));
    if (!recording) missing.push(fileOf(probe));
    seen.set(keyOf(probe), recording ? observe(probe, recording) : { status: "unasked" });
  };

  if (backend.version) ask(backend.version);
  const answer = backend.version && observations.of(backend.version);
  const version = answer?.status === "known" ? answer.fact : undefined;
  const input = { found, observations, places, ...(version === undefined ? {} : { version }) };
  for (;;) {
    const next = backend.probes(input).find((probe) => !asked.some((a) => keyOf(a) === keyOf(probe)));
    if (!next) break;
    ask(next);
  }
  return { ...input, probes: asked, missing };
}

function observe(probe: Probe<unknown>, { output, at }: Recording): Observation<unknown> {
  try {
    return { status: "known", fact: probe.parse(output), at };
  } catch (error) {
    if (error instanceof Failure) return { status: "failed", error, at };
    throw error;
  }
}
