import type { Backend } from "../../src/backends/contract.ts";
import { keyOf, type Observation, type Probe, type Seen } from "../../src/backends/probe.ts";
import { parseLook } from "../../src/command/answers.ts";
import { type Output, toShell } from "../../src/command/command.ts";
import { Failure } from "../../src/errors.ts";

/** What a host says to a question that contains this; the first that fits. `(found)` is what was found there at first. */
export type Says = readonly (readonly [
  question: string | RegExp,
  stdout: string,
  exitCode?: number,
  stderr?: string,
])[];

/** Asks until a backend has nothing new to ask. A question that nobody foresaw fails, as it should. */
export function interview(backend: Backend, says: Says, at = new Date("2026-11-20T20:00:00Z")) {
  const answers = new Map<string, Observation<unknown>>();
  const asked: string[] = [];
  const observations = {
    of: <Fact>(probe: Probe<Fact>) =>
      (answers.get(keyOf(probe)) ?? { status: "unasked" }) as Observation<Fact>,
  };
  const ask = (probe: Probe<unknown>) => {
    const shell = toShell(probe.question);
    asked.push(shell);
    const said = says.find(([question]) =>
      typeof question === "string" ? shell.includes(question) : question.test(shell),
    );
    if (!said) throw new Error(`Nobody said what the host answers to: ${shell}`);
    const [, stdout, exitCode = 0, stderr = ""] = said;
    answers.set(keyOf(probe), observe(probe, { stdout, exitCode, stderr }, at));
  };
  if (backend.version) ask(backend.version);
  const known = backend.version && answers.get(keyOf(backend.version));
  const version = known?.status === "known" ? { version: String(known.fact) } : {};
  const look = says.find(([question]) => question === "(found)")?.[1] ?? "";
  const seen: Seen = { found: parseLook(look), observations, ...version };
  for (;;) {
    const next = backend.probes(seen).find((probe) => !answers.has(keyOf(probe)));
    if (!next) return { seen, asked, observations };
    ask(next);
  }
}

function observe(probe: Probe<unknown>, output: Output, at: Date): Observation<unknown> {
  try {
    return { status: "known", fact: probe.parse(output), at };
  } catch (error) {
    if (error instanceof Failure) return { status: "failed", error, at };
    throw error;
  }
}

/** Worst first, `unit web.service: failed: it crashed`. */
export const problemsOf = (backend: Backend, seen: Seen, previous = seen.observations): readonly string[] =>
  backend
    .resources(seen, previous)
    .flatMap(({ kind, name, findings }) =>
      findings.map(({ severity, message }) => `${kind} ${name}: ${severity}: ${message}`),
    );
