import { expect, it } from "vitest";
import { drawPlan } from "../src/cli/plan-text.ts";
import { createStyle } from "../src/cli/style.ts";
import type { Step } from "../src/plan/plan.ts";
import { planOf } from "./plan-of.ts";

const script = "set -e\nfor each in 1 2 3; do\n  echo $each\ndone";
const step: Step = {
  kind: "run",
  id: "copy",
  title: "Copy it",
  effect: "changes",
  host: "web1",
  command: {
    argv: ["sh", "-c", script, "scrap", "/srv/a long way down/to the place where all of this lies"],
  },
  done: {
    kind: "command",
    title: "it is there",
    host: "web1",
    command: { argv: ["cat", "/srv/state"] },
    expect: { stdoutMatches: "(?<!x)^done" },
  },
  undo: [],
  timeoutMs: 1000,
};
const plan = planOf({ hosts: ["web1"], steps: [step], notes: ["On the way:", "  1.1"] });
const draw = (isFull: boolean) =>
  drawPlan(plan, createStyle({ isTTY: true, columns: 80 }, { NO_COLOR: "1" }), isFull);

it("is read at a glance on 80 columns, and hides no word of who asks for them", () => {
  expect(draw(false)).toMatchInlineSnapshot(`
    "Upgrade web
      1 step · changes · walks back when a step fails
      note: On the way:
      note:   1.1
       1 ~ Copy it  web1
            sh -c ‹4 lines› scrap '/srv/a long way down/to the place where all of
            this lies'
            checked: it is there
      -o wide shows every command and check word by word"
  `);
  expect(draw(true)).toContain(script);
  expect(draw(true)).toContain("checked: it is there (cat /srv/state → /(?<!x)^done/)");
});
