import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Plan } from "../../../src/plan/plan.ts";
import { createLab } from "../../../src/tui/view/lab.ts";
import type { PlanState } from "../../../src/tui/view/view.ts";
import { createFakeOperations, planOf, step } from "./fake-operations.ts";
import { expectFrame, plain } from "./fits.ts";
import { pointed } from "./open.ts";
import { type RecordedHomelab, readRecordedHomelab, recordedAt } from "./recorded-homelab.ts";
import { type DrawnStage, openStage } from "./stage.ts";

let lab: RecordedHomelab;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: recordedAt });
  lab = await readRecordedHomelab();
});
afterAll(() => {
  vi.useRealTimers();
});

const find = (stage: DrawnStage, text: string) => {
  stage.press("/");
  stage.write(text);
  stage.press("enter");
};

const upgrade = planOf(
  "Upgrade web on vps1 to 2.10",
  [
    step("pull", { effect: "changes", title: "Pull the new image", downMs: 0 }),
    step("web", { undo: [step("back", { title: "Start the old one again" })], commit: true }),
  ],
  { onFailure: "walk-back", notes: [`Between them lie ${"many versions, ".repeat(10)}and no break.`] },
);
const forget = planOf("Forget old", [step("old", { effect: "destroys", destroys: ["tank/old"] })]);

function openPage(stage: DrawnStage, state: PlanState) {
  const { view } = stage.stage.scene.get();
  const page = { kind: "plan", key: "plan 1", title: "Upgrade web", state, cursor: 0, top: 0 } as const;
  stage.change({ view: { ...view, readOnly: false, opened: [page] } });
}

const openPlan = (stage: DrawnStage, plan: Plan) => openPage(stage, { is: "planned", plan });

/** One runs, one failed on its way back, one is done. */
function showOperations(stage: DrawnStage) {
  const operations = createFakeOperations(() => upgrade);
  operations.write(forget, { kind: "ended", outcome: "done", message: "done" });
  const failed = { ...upgrade, id: `${upgrade.id}-1` };
  const message = `pull: exit 1\n  ${"no such image ".repeat(12)}`;
  operations.write(
    failed,
    { kind: "intent", step: "pull", says: "" },
    { kind: "failed", step: "pull", why: message },
    { kind: "turned-back", why: message },
    { kind: "intent", step: "back", says: "" },
    { kind: "ended", outcome: "in-doubt", message: `${message}\nThe way back failed too.` },
  );
  operations.write(
    { ...upgrade, id: `${upgrade.id}-2` },
    { kind: "done", step: "pull", already: true },
    { kind: "intent", step: "web", says: "" },
  );
  const { lab: known } = stage.stage.scene.get();
  const all = operations.changing.operations?.() ?? [];
  stage.change({ lab: createLab(known.homelab, lab.places, { ...known, operations: all }) });
}

/** How to get there from the fleet. */
const places: Readonly<Record<string, (stage: DrawnStage) => void>> = {
  fleet: () => {},
  "fleet by group": (stage) => stage.press("]"),
  "fleet, problems only": (stage) => stage.press("!"),
  services: (stage) => stage.press("2"),
  "declared services": (stage) => stage.press("2", "]"),
  "undeclared services": (stage) => stage.press("2", "["),
  workloads: (stage) => stage.press("3"),
  "workloads by host": (stage) => stage.press("3", "]"),
  "workloads by pod": (stage) => stage.press("3", "["),
  disks: (stage) => stage.press("4"),
  "arrays and pools": (stage) => stage.press("4", "]"),
  "file systems": (stage) => stage.press("4", "["),
  power: (stage) => stage.press("5"),
  backups: (stage) => stage.press("6"),
  activity: (stage) => stage.press("7"),
  "a host": (stage) => stage.press("enter"),
  "a host that is away": (stage) => stage.press("G", "enter"),
  "a service": (stage) => {
    stage.press("2");
    find(stage, "name:mail");
    stage.press("enter");
  },
  "a container": (stage) => {
    stage.press("3");
    find(stage, "kind:container host:vps1");
    stage.press("enter");
  },
  "a disk": (stage) => stage.press("4", "j", "enter"),
  "a pool": (stage) => {
    stage.press("4", "]");
    find(stage, "kind:pool health:failed");
    stage.press("enter");
  },
  "a UPS": (stage) => stage.press("5", "enter"),
  "a log": (stage) => {
    stage.press("2");
    find(stage, "name:mail");
    stage.press("l");
    for (const { say } of stage.source.logs)
      for (let n = 0; n < 40; n++) say(`2026-11-20T20:${n + 10}:00+0000 line ${n} ${"of a log ".repeat(n)}`);
  },
  "a plan": (stage) => openPlan(stage, upgrade),
  "a plan that is asked about": (stage) => {
    openPlan(stage, upgrade);
    stage.press("enter");
  },
  "a plan that cannot be": (stage) =>
    openPage(stage, {
      is: "refused",
      why: `vps1 is held by ${"somebody ".repeat(20)}`,
      hint: "Wait for it.",
    }),
  "what is destroyed": (stage) => {
    openPlan(stage, forget);
    stage.press("enter");
    stage.write("tank/old");
  },
  operations: (stage) => {
    showOperations(stage);
    stage.press("7");
  },
  "an operation that runs": (stage) => {
    showOperations(stage);
    stage.press("7", "enter");
  },
  "an operation in doubt": (stage) => {
    showOperations(stage);
    stage.press("7", "j", "enter");
  },
  "what can be done with it": (stage) => {
    showOperations(stage);
    stage.press("7", "j", "a");
  },
  palette: (stage) => stage.press(":"),
  help: (stage) => stage.press("?"),
  themes: (stage) => stage.press("t"),
  settings: (stage) => stage.press(","),
  actions: (stage) => stage.press("a"),
  consent: (stage) => stage.press("W"),
  filter: (stage) => find(stage, "nothing has this name"),
};

const sizes = [
  { columns: 60, rows: 15 },
  { columns: 61, rows: 19 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 149, rows: 30 },
  { columns: 150, rows: 30 },
  { columns: 200, rows: 60 },
];

const clock = (row: string) => row.replace(/\d\d:\d\d$/, "hh:mm");

describe.each(Object.keys(places))("%s", (place) => {
  const at = (stage: DrawnStage) => {
    places[place]?.(stage);
    return stage;
  };

  it("fits every size, with and without colours and Unicode", () => {
    for (const size of sizes)
      for (const look of [{}, { colorLevel: 0 }, { colorLevel: 0, unicode: false }] as const) {
        const rows = at(openStage(lab, size, look)).rows();
        expectFrame(rows, size, `${place} at ${size.columns}×${size.rows} ${JSON.stringify(look)}`);
      }
  });

  it("is pure ASCII where the locale is not UTF-8", () => {
    const rows = at(openStage(lab, { columns: 200, rows: 60 }, { unicode: false, colorLevel: 0 })).rows();
    expect(rows.join("\n")).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it("looks like this at 80×24", () => {
    const rows = at(openStage(lab)).rows();
    expect(`${plain(rows).map(clock).join("\n")}\n`).toMatchSnapshot();
  });
});

it("points at one row where there is one, on every list, without a colour", () => {
  for (const key of ["1", "2", "3", "4", "5", "6"]) {
    const stage = openStage(lab, undefined, { colorLevel: 0 });
    stage.press(key);
    expect(pointed(stage.rows().join("\n")).length).toBeGreaterThan(5);
  }
});

it("tells which view and which screen is shown without a colour, too", () => {
  const stage = openStage(lab, undefined, { colorLevel: 0 });
  const fleet = stage.rows().join("\n");
  stage.press("]");
  const byGroup = stage.rows().join("\n");
  stage.press("4", "]");
  const pools = stage.rows().join("\n");
  expect(fleet).toContain("[by zone]  by group  all");
  expect(byGroup).toContain("by zone  [by group]  all");
  expect(pools).toContain("disks  [arrays and pools]  file systems");
  expect(fleet).toContain("1 [fleet]");
  expect(pools).toContain("4 [storage]");
});

it("says every state by a sign or a word", () => {
  for (const unicode of [true, false])
    for (const key of ["1", "2", "3", "4", "5"]) {
      const stage = openStage(lab, { columns: 120, rows: 60 }, { colorLevel: 0, unicode });
      stage.press(key);
      const { lab: known, view } = stage.stage.scene.get();
      const shelf = stage.stage.shelf(stage.stage.scene.get());
      const drawn = stage.rows();
      expect(known.homelab.hosts.length, view.screen).toBe(6);
      const signs = unicode ? /[●▲✖?◌] / : /[o!x?.] /;
      const rows = drawn.filter((row) => /^[> ][* ]\S/.test(row));
      expect(rows.length).toBeGreaterThan(Math.min(2, shelf.rows.length));
      for (const row of rows.slice(1)) expect.soft(row).toMatch(signs);
    }
});

it.each([
  { columns: 40, rows: 20 },
  { columns: 59, rows: 15 },
  { columns: 60, rows: 14 },
  { columns: 12, rows: 2 },
])("says plainly that $columns×$rows is too small", (size) => {
  const rows = openStage(lab, size, { unicode: false }).rows();
  expect(rows.length).toBeLessThanOrEqual(size.rows);
  expect(rows[0]).toBe("SCRAP needs 60x15.");
});

it("draws the rule of a group as far as all other rules", () => {
  for (const columns of [60, 80, 120, 149]) {
    const rules = plain(openStage(lab, { columns, rows: 30 }).rows()).filter((row) => row.endsWith("──"));
    expect(rules.some((row) => row.includes("closet"))).toBe(true);
    expect(new Set(rules.map((row) => row.length))).toEqual(new Set([columns - 1]));
  }
});

it("leaves numbers out before it cuts why something is wrong", () => {
  const fleet = plain(openStage(lab).rows()).join("\n");
  expect(fleet).toContain("rack is on battery, 33");
  expect(fleet).toContain("unreachable: refused the");
});
