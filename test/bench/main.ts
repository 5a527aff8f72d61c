import { parseArgs } from "node:util";
import { Failure } from "../../src/errors.ts";
import {
  type Bench,
  type BenchOptions,
  CannotMeasure,
  type Measurement,
  type Outcome,
  type Unmeasured,
} from "./bench.ts";
import { blackHole } from "./black-hole.ts";
import { createCleanup } from "./cleanup.ts";
import { cockpit } from "./cockpit.ts";
import { cold } from "./cold.ts";
import { engine } from "./engine.ts";
import { hold } from "./hold.ts";
import { buildBundle } from "./product.ts";
import { start } from "./start.ts";
import { formatOutcome, formatTable, isMeasured } from "./table.ts";
import { warm } from "./warm.ts";
import { work } from "./work.ts";

const benches: readonly Bench[] = [start, warm, cold, blackHole, hold, work, cockpit, engine];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    hosts: { type: "string", default: "50" },
    held: { type: "string" },
    minutes: { type: "string" },
  },
});

const names = benches.map(({ name }) => name);
const strangers = positionals.filter((name) => !names.includes(name));
const options: BenchOptions = {
  isQuick: values.quick,
  hosts: Number(values.hosts),
  held: Number(values.held ?? (values.quick ? 100 : 500)),
  minutes: Number(values.minutes ?? (values.quick ? 1 : 3)),
};
if (
  strangers.length > 0 ||
  !(options.hosts >= 2 && options.hosts <= 250) ||
  !(options.held >= 1 && options.held <= 1000) ||
  !(options.minutes > 0)
) {
  console.error(
    `usage: bench [--quick] [--check] [--hosts 2…250] [--held 1…1000] [--minutes N] [${names.join("|")}]…`,
  );
  process.exit(2);
}

const cleanup = createCleanup();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => void cleanup.run().then(() => process.exit(130)));
}

const chosen = benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
buildBundle();
const lines: (Measurement | Unmeasured)[] = [];
for (const bench of chosen) await run(bench);
console.log(`\n${formatTable(lines)}`);
const isUnmeasured = lines.some((line) => !isMeasured(line));
const isMissed = lines.some((line) => isMeasured(line) && !line.isMet);
process.exit(isUnmeasured || (values.check && isMissed) ? 1 : 0);

/** What a bench starts ends with it: nothing of it is in the way of the next. */
async function run(bench: Bench): Promise<void> {
  console.log(`\n== ${bench.name}`);
  try {
    for await (const outcome of bench.run(options, cleanup)) tell(outcome);
  } catch (error) {
    // A host that went away is no bug of the bench.
    if (!(error instanceof CannotMeasure || error instanceof Failure)) throw error;
    tell({ lines: [{ what: bench.name, why: error.message }], notes: [] });
  } finally {
    await cleanup.run();
  }
}

/** At once: the whole takes many minutes. */
function tell(outcome: Outcome): void {
  console.log(formatOutcome(outcome));
  lines.push(...outcome.lines);
}
