import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { backends } from "../../src/backends/registry.ts";
import { drawPlan } from "../../src/cli/plan-text.ts";
import { createStyle } from "../../src/cli/style.ts";
import { localInventory } from "../../src/inventory/local-inventory.ts";
import { createHomelabReader } from "../../src/model/homelab.ts";
import type { Plan, RunStep } from "../../src/plan/plan.ts";
import { drawScene } from "../../src/tui/draw.ts";
import { createKeymap } from "../../src/tui/input/keymap.ts";
import { defaultTheme } from "../../src/tui/theme/bundled-themes.ts";
import { createLook } from "../../src/tui/theme/look.ts";
import { createHistory } from "../../src/tui/view/history.ts";
import { createLab } from "../../src/tui/view/lab.ts";
import { createStage } from "../../src/tui/view/scene.ts";
import { newView } from "../../src/tui/view/view.ts";
import type { Measurement, Outcome } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";
import { environmentIn, scrap } from "./product.ts";
import { median, timeProgram, toRange, toTime } from "./timing.ts";

const count = 1_000;
const limitMs = 100;

const step = (id: string): RunStep => ({
  kind: "run",
  id,
  title: `Restart ${id}.service`,
  host: "vps1",
  command: { argv: ["systemctl", "restart", "--", `${id}.service`], asRoot: true },
  effect: "interrupts",
  timeoutMs: 10_000,
  done: {
    kind: "command",
    title: `${id}.service is active`,
    host: "vps1",
    command: { argv: ["systemctl", "is-active", "--", `${id}.service`] },
    expect: { stdout: "active" },
  },
});

const planOf = (steps: number): Plan => ({
  format: 1,
  id: `20261121-1412-bench-${steps}-x7k2`,
  operation: "bench",
  title: `Restart ${steps}`,
  madeAt: "2026-11-21T14:12:00.000Z",
  services: [],
  hosts: ["vps1"],
  basis: [],
  onFailure: "walk-back",
  steps: Array.from({ length: steps }, (_, at) => ({
    ...step(`unit-${at}`),
    undo: [{ ...step(`unit-${at}-back`), title: `Start unit-${at}.service` }],
  })),
  notes: [],
});

/** How soon a plan of a thousand steps is seen, by both faces. */
export async function measureLongPlan(isQuick: boolean, cleanup: Cleanup): Promise<Outcome> {
  const rounds = isQuick ? 5 : 21;
  const folder = cleanup.folder();
  const env = environmentIn(folder);
  const [long, short] = [count, 1].map((steps) => {
    const file = join(folder, `${steps}.json`);
    writeFileSync(file, JSON.stringify(planOf(steps)), { mode: 0o600 });
    return file;
  }) as [string, string];
  const times = { long: [] as number[], short: [] as number[], text: [] as number[], page: [] as number[] };
  const show = async (file: string) => (await timeProgram([scrap, "apply", file, "--dry-run"], { env })).ms;
  const style = createStyle(process.stdout, process.env, true);
  for (let round = -2; round < rounds; round++) {
    const now = {
      long: await show(long),
      short: await show(short),
      text: timed(() => drawPlan(planOf(count), style)),
      page: timed(() => drawPage(planOf(count))),
    };
    if (round >= 0) for (const [name, ms] of Object.entries(now)) times[name as keyof typeof now].push(ms);
  }
  const more = median(times.long) - median(times.short);
  return {
    lines: [
      row(`a plan of ${count} steps, scrap apply --dry-run, beyond one of 1`, more, {
        ours: toRange(times.long),
        theirs: toRange(times.short),
      }),
      row(`a plan of ${count} steps, its page in the cockpit`, median(times.page), {
        ours: toRange(times.page),
        theirs: "",
      }),
    ],
    notes: [
      `a plan of ${count} steps: read, drawn and printed from start to end of the program, the same of one step taken off; drawn alone ${toTime(median(times.text))}`,
      `  its page: all rows of a frame of 120×40 from the plan, in this process; median of ${rounds}`,
    ],
  };
}

const row = (what: string, ms: number, sides: Pick<Measurement, "ours" | "theirs">): Measurement => ({
  what,
  ...sides,
  figure: toTime(ms),
  target: `≤ ${limitMs} ms`,
  isMet: ms <= limitMs,
});

/** In ms, without what the work needs to be made. */
function timed(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

function drawPage(plan: Plan): readonly string[] {
  const homelab = createHomelabReader(localInventory(), backends).read({ hosts: new Map() }, []);
  const stage = createStage(
    {
      view: {
        ...newView("fleet", true),
        opened: [
          { kind: "plan", key: "", title: plan.title, state: { is: "planned", plan }, cursor: 0, top: 0 },
        ],
      },
      lab: createLab(homelab, new Map(), { units: "iec", refreshMs: 5_000, operations: [] }),
      title: "bench",
      look: createLook({ theme: defaultTheme, colorLevel: 3, unicode: true, graphs: "auto" }),
      columns: {},
      size: { columns: 120, rows: 40 },
      changes: new Map(),
      textVersion: 0,
      now: Date.now(),
    },
    createKeymap({}),
    createHistory(),
    new Map(),
  );
  return drawScene(stage.scene.get(), stage, () => []);
}
