import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { StoryName } from "../src/demo/stories.ts";
import { createDriversHere } from "../src/drive.ts";
import { createOperations } from "../src/operate.ts";
import type { Plan } from "../src/plan/plan.ts";
import { menuItems } from "../src/tui/acts/menu-acts.ts";
import type { Changing } from "../src/tui/changing.ts";
import { drawScene } from "../src/tui/draw.ts";
import { createKeymap } from "../src/tui/input/keymap.ts";
import { emptyField } from "../src/tui/input/text-field.ts";
import type { ScreenId } from "../src/tui/screens/screens.ts";
import { bundledThemes, defaultTheme } from "../src/tui/theme/bundled-themes.ts";
import { createLook } from "../src/tui/theme/look.ts";
import { createHistory } from "../src/tui/view/history.ts";
import { createLab, type Lab } from "../src/tui/view/lab.ts";
import type { Size } from "../src/tui/view/layout.ts";
import { placesOf } from "../src/tui/view/places.ts";
import { createStage } from "../src/tui/view/scene.ts";
import { verbs } from "../src/tui/view/verbs.ts";
import { newList, newView, type View } from "../src/tui/view/view.ts";
import { startStill } from "./demo/harness.ts";
import type { Screen } from "./screenshots.ts";

const usual: Size = { columns: 80, rows: 24 };
const wide: Size = { columns: 160, rows: 44 };

/** What the README shows: the simulated homelab, at moments when something is to be seen. */
export async function drawScreens(): Promise<readonly Screen[]> {
  const disk = await labAt("disk-failure", 200);
  const power = await labAt("power-cut", 60);
  const { before, during, plan } = await restartOf("mail");
  const on = (screen: ScreenId, index: number, tab = 0): Partial<View> => ({
    screen,
    roots: { [screen]: { tab, list: { ...newList, index } } },
  });
  const service: View["opened"] = [
    { kind: "thing", ref: { kind: "service", id: "files" }, cursor: 0, top: 0 },
  ];
  return [
    draw("fleet", disk, usual, on("fleet", 1)),
    draw("fleet-wide", disk, wide, on("fleet", 1)),
    draw("storage", disk, usual, on("storage", 2)),
    draw("service", disk, usual, { opened: service }),
    draw("power", power, usual, {
      screen: "power",
      opened: [{ kind: "thing", ref: { kind: "ups", id: "nas/nut/ups/rack" }, cursor: 0, top: 0 }],
    }),
    draw("palette", disk, usual, {
      overlay: { kind: "menu", menu: "palette", field: { text: "n", cursor: 1 }, cursor: 0 },
    }),
    draw("actions", disk, usual, {
      ...on("services", 3),
      readOnly: false,
      overlay: { kind: "menu", menu: "actions", field: emptyField, cursor: 0 },
    }),
    draw("plan", before, usual, {
      readOnly: false,
      opened: [
        { kind: "plan", key: "", title: plan.title, state: { is: "planned", plan }, cursor: 0, top: 0 },
      ],
    }),
    draw("operation", during, usual, {
      readOnly: false,
      opened: [{ kind: "thing", ref: { kind: "operation", id: plan.id }, cursor: 0, top: 0 }],
    }),
  ];
}

async function labAt(story: StoryName, seconds: number): Promise<Lab> {
  const demo = await startStill({ story });
  await demo.at(seconds);
  const homelab = await demo.homelab();
  await demo.close();
  return createLab(homelab, placesOf(demo.inventory), { units: "iec", refreshMs: 5_000, operations: [] });
}

/** Everything can be chosen. */
const possible = { whyNot: () => undefined } as unknown as Changing;

/** The plan of a restart, and the homelab while it is carried out. */
async function restartOf(
  name: string,
): Promise<{ readonly before: Lab; readonly during: Lab; readonly plan: Plan }> {
  const demo = await startStill({ story: "calm" });
  const folder = mkdtempSync(join(tmpdir(), "scrap-screens-"));
  const loadInventory = async () => demo.inventory;
  const drivers = createDriversHere({ folder, loadInventory, fail: console.error });
  const operations = createOperations({ folder, drivers });
  const request = { verb: "restart", name } as const;
  const plan = await demo.plan(operations, request);
  await operations.start(plan, demo.inventory);
  while ((operations.load(plan.id).steps.size ?? 0) < plan.steps.length) await sleep(20);
  const homelab = await demo.homelab();
  const labWith = (all: Lab["operations"]) =>
    createLab(homelab, placesOf(demo.inventory), { units: "iec", refreshMs: 5_000, operations: all });
  const [before, during] = [labWith([]), labWith(operations.list())];
  await drivers.settled();
  await demo.close();
  rmSync(folder, { recursive: true });
  return { before, during, plan };
}

function draw(name: string, lab: Lab, size: Size, view: Partial<View>): Screen {
  const keymap = createKeymap({});
  const stage = createStage(
    {
      view: { ...newView("fleet", true), ...view },
      lab,
      title: "demo",
      look: createLook({ theme: defaultTheme, colorLevel: 3, unicode: true, graphs: "auto" }),
      columns: {},
      size,
      changes: new Map(),
      textVersion: 0,
      now: Date.now(),
    },
    keymap,
    createHistory(),
    new Map(),
  );
  const menus = { keymap, themes: () => bundledThemes, settings: () => [], verbs, changing: () => possible };
  const rows = drawScene(stage.scene.get(), stage, (scene) => menuItems(scene, stage, menus));
  return { name, ...size, ansi: rows.join("\r\n") };
}
