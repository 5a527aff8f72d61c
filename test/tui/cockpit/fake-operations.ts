import { toOperation } from "../../../src/journal/operation.ts";
import type { Event, JournalRecord } from "../../../src/journal/record.ts";
import type { OperationSummary } from "../../../src/journal/standing.ts";
import type { Request } from "../../../src/operations/operations.ts";
import type { Plan, RunStep } from "../../../src/plan/plan.ts";
import type { Changing } from "../../../src/tui/changing.ts";

const by = { user: "olaf", machine: "jump" };

export const step = (id: string, more: Partial<RunStep> = {}): RunStep => ({
  kind: "run",
  id,
  title: `Run ${id}`,
  host: "vps1",
  command: { argv: ["systemctl", "restart", "--", `${id}.service`], asRoot: true },
  effect: "interrupts",
  timeoutMs: 10_000,
  downMs: 2_000,
  done: {
    title: `${id} was started anew`,
    host: "vps1",
    kind: "command",
    command: { argv: ["systemctl", "is-active", "--", `${id}.service`] },
    expect: { stdout: "active" },
  },
  ...more,
});

export const planOf = (title: string, steps: Plan["steps"], more: Partial<Plan> = {}): Plan => ({
  format: 1,
  id: `20261121-1412-restart-${title.toLowerCase().replaceAll(/[^a-z]+/g, "-")}-x7k2`,
  operation: "restart",
  title,
  madeAt: "2026-11-21T14:12:00Z",
  services: ["web"],
  hosts: ["vps1"],
  basis: [],
  onFailure: "stop",
  steps,
  notes: [],
  ...more,
});

export interface FakeOperations {
  readonly changing: Partial<Changing>;
  readonly planned: readonly Request[];
  /** What else was asked for, in words. */
  readonly asked: readonly string[];
  /** Something is written into the journal of an operation, which begins with its plan. */
  readonly write: (plan: Plan, ...events: readonly Event[]) => void;
  readonly say: (step: string, text: string) => void;
  /** Nobody carries it out any more. */
  readonly cutOff: (plan: Plan) => void;
}

/** Operations whose journals the test writes. `plan` is what each request is planned as. */
export function createFakeOperations(plan: (request: Request) => Plan): FakeOperations {
  const journals = new Map<string, { readonly records: JournalRecord[]; isDriven: boolean }>();
  const listeners = new Set<() => void>();
  const outputs = new Set<(said: { readonly step: string; readonly text: string }) => void>();
  const planned: Request[] = [];
  const asked: string[] = [];
  let all: readonly OperationSummary[] = [];
  const changed = () => {
    all = [...journals].toReversed().flatMap(([id, { records, isDriven }]) => {
      const operation = toOperation(records);
      return operation ? [{ id, operation, isDriven }] : [];
    });
    for (const listener of listeners) listener();
  };
  const write: FakeOperations["write"] = (of, ...events) => {
    const journal = journals.get(of.id) ?? { records: [], isDriven: true };
    journals.set(of.id, journal);
    const first: readonly Event[] = journal.records.length === 0 ? [{ kind: "plan", plan: of, by }] : [];
    for (const event of [...first, ...events]) {
      const seq = journal.records.length + 1;
      journal.records.push({ seq, prev: "", at: new Date().toISOString(), ...event });
      journal.isDriven = event.kind !== "ended";
    }
    changed();
  };
  return {
    planned,
    asked,
    write,
    say: (id, text) => {
      for (const output of outputs) output({ step: id, text });
    },
    cutOff: ({ id }) => {
      const journal = journals.get(id);
      if (journal) journal.isDriven = false;
      changed();
    },
    changing: {
      plan: async (request) => {
        planned.push(request);
        return plan(request);
      },
      start: async (of) => {
        asked.push(`start ${of.title}`);
        write(of, { kind: "driving", pid: 1 });
      },
      resume: async (id, decision) =>
        void asked.push(
          ["resume", id, decision && "step" in decision ? decision.step : "", decision?.what ?? ""]
            .filter((word) => word !== "")
            .join(" "),
        ),
      cancel: (id, wish) => asked.push(`${wish} ${id}`) > 0,
      operations: () => all,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      output: (_, onOutput, signal) => {
        outputs.add(onOutput);
        return new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    },
  };
}
