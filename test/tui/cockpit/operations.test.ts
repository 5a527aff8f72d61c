import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { Refused } from "../../../src/errors.ts";
import type { Copy } from "../../../src/operations/copies.ts";
import { parsePlan } from "../../../src/plan/parse-plan.ts";
import { createFakeOperations, planOf, step } from "./fake-operations.ts";
import { keys, openOn, pointed } from "./open.ts";
import { type RecordedHomelab, readRecordedHomelab, recordedAt } from "./recorded-homelab.ts";
import { beginAt } from "./shift-clock.ts";
import { openStage } from "./stage.ts";

beginAt(recordedAt);

let lab: RecordedHomelab;
beforeAll(async () => {
  lab = await readRecordedHomelab();
});

const restart = planOf("Restart web on vps1", [step("web"), step("after", { effect: "reads" })]);
const writing = { preferences: { readOnly: false } };
const onWeb = ["2", "/", "name:web", keys.enter] as const;

it("offers no change while it is read-only, and says how that is ended", async () => {
  const operations = createFakeOperations(() => restart);
  const { type } = await openOn(lab, { changing: operations.changing });
  const menu = await type(...onWeb, "a", "restart");
  expect(pointed(menu)).toMatch(/Restart +read-only/);
  expect(menu).toContain("W allows changes until you leave.");
  expect(await type(keys.enter)).toContain("Restart: read-only. W allows changes");
  expect(operations.planned).toEqual([]);
});

it("says why a backend lacks a verb, and what would make it possible", async () => {
  const { type } = await openOn(lab, {
    ...writing,
    changing: {
      ...createFakeOperations(() => restart).changing,
      whyNot: (verb) =>
        verb === "stop" ? { whyNot: "docker stops nothing.", hint: "A quadlet could be." } : undefined,
    },
  });
  const menu = await type(...onWeb, "a", "stop");
  expect(pointed(menu)).toMatch(/Stop +docker stops nothing\./);
  expect(menu).toContain("A quadlet could be.");
  expect(await type(keys.enter)).toContain("Stop: docker stops nothing. A quadlet could be.");
});

it("shows the plan, word by word when asked, and does nothing without consent", async () => {
  const operations = createFakeOperations(() => restart);
  const { type } = await openOn(lab, { ...writing, changing: operations.changing });
  const plan = await type(...onWeb, "a", "restart", keys.enter);
  expect(operations.planned).toEqual([{ verb: "restart", name: "web" }]);
  expect(plan.split("\n").slice(2, -3).join("\n")).toMatchInlineSnapshot(`
    "  Restart web on vps1
      PLAN
        2 steps · interrupts what people use · away for about 4 s · stops when a
        step fails
        on    vps1

      STEPS
          1 ! Run web  vps1
              systemctl restart -- web.service
              checked: web was started anew
          2 ? Run after  vps1
              systemctl restart -- after.service
              checked: after was started anew





    "
  `);
  const full = await type("w");
  expect(full).toMatch(/checked: web was started anew \(systemctl is-active -- web.service →\n +active\)/);
  expect(await type("w")).toBe(plan);
  const question = await type(keys.enter);
  expect(question).toContain("Restart web on vps1?");
  expect(question).toContain("vps1: systemctl restart -- web.service");
  expect(question).toContain("[ Cancel ]    Carry it out");
  expect(await type(keys.enter)).toContain("STEPS");
  expect(operations.asked).toEqual([]);
});

it("plans from the palette by the words of the command line", async () => {
  const operations = createFakeOperations(() => restart);
  const { type } = await openOn(lab, { ...writing, changing: operations.changing });
  expect(pointed(await type(":", "restart web"))).toMatch(/change +restart web/);
  expect(await type(keys.enter)).toContain("Restart web on vps1");
  expect(operations.planned).toEqual([{ verb: "restart", name: "web" }]);
  expect(await type(keys.esc, ":", "upgrade web", keys.enter)).toContain("To which version");
  const shut = await openOn(lab, { changing: operations.changing });
  expect(await shut.type(":", "restart web", keys.enter)).toContain("Restart: read-only. W allows changes");
});

it("says in a menu how many lie above and below", async () => {
  const { type } = await openOn(lab);
  const [, below = ""] = /\n +↓ (\d+) more\n/.exec(await type("?")) ?? [];
  const further = await type(...Array.from({ length: 12 }, () => keys.down));
  const [, above = ""] = /\n +↑ (\d+) more\n/.exec(further) ?? [];
  expect(further).toContain(`↓ ${Number(below) - Number(above)} more`);
  expect(await type(...Array.from({ length: 100 }, () => keys.down))).not.toContain("↓");
});

it("says of what has ended that it said nothing, not that it may still", async () => {
  const operations = createFakeOperations(() => restart);
  operations.write(restart, { kind: "ended", outcome: "done", message: "done" });
  const { type } = await openOn(lab, { changing: { ...operations.changing, output: async () => {} } });
  expect(await type("7", "l")).toContain("not a line was said");
});

it("keeps a plan as it would run", async () => {
  const operations = createFakeOperations(() => restart);
  const { type } = await openOn(lab, { ...writing, changing: operations.changing });
  const folder = mkdtempSync(join(tmpdir(), "scrap-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "plan.json");
  await type(...onWeb, "a", "restart", keys.enter);
  expect(await type("o", keys.ctrlU, keys.paste(file), keys.enter)).toContain("saved to");
  expect(parsePlan(JSON.parse(readFileSync(file, "utf8")), file)).toEqual(restart);
});

it("says why something cannot be planned", async () => {
  const { type } = await openOn(lab, {
    ...writing,
    changing: {
      plan: () => Promise.reject(new Refused("web runs on two hosts.", { hint: "Stop one of them." })),
    },
  });
  const page = await type(...onWeb, "a", "restart", keys.enter);
  expect(page).toMatch(/✖ web runs on two hosts\.\n +Stop one of them\./);
  expect(await type(keys.enter)).toContain("It cannot be done.");
});

it("follows an operation to its end, and shows it again to who comes back", async () => {
  const operations = createFakeOperations(() => restart);
  const { type, source } = await openOn(lab, { ...writing, changing: operations.changing });
  await type(...onWeb, "a", "restart", keys.enter, keys.enter, keys.tab, keys.enter);
  expect(operations.asked).toEqual(["start Restart web on vps1"]);
  operations.write(restart, { kind: "intent", step: "web", says: "" });
  operations.say("web", "stopping\nsta");
  operations.say("web", "rting\n");
  const under = await type();
  expect(under.split("\n")[0]).toContain("→ 1 running");
  expect(under).toMatch(/→ running for/);
  expect(under).toMatch(/→ Run web +vps1/);
  expect(under).toMatch(/◌ Run after/);
  expect(under).toMatch(/stopping\n +starting/);
  expect(await type("7")).toMatch(/under way[\s\S]*Restart web on vps1 +→ 1\/2 Run web/);
  operations.write(restart, { kind: "done", step: "web" }, { kind: "done", step: "after", already: true });
  operations.write(restart, { kind: "ended", outcome: "done", message: "done." });
  expect(await type()).toMatch(/over[\s\S]*Restart web on vps1 +● done/);
  expect(source.refresh).toHaveBeenLastCalledWith(["vps1"]);
  const page = await type(keys.enter);
  expect(page.split("\n")[0]).not.toContain("running");
  expect(page).toMatch(/● Run web/);
  expect(page).toMatch(/● Run after +vps1 +it was so already/);
});

it("stops one after its step, and asks before it is walked back", async () => {
  const operations = createFakeOperations(() => restart);
  operations.write(restart, { kind: "driving", pid: 1 }, { kind: "intent", step: "web", says: "" });
  const { type } = await openOn(lab, { ...writing, changing: operations.changing });
  await type("7", "a", "stop after", keys.enter);
  expect(operations.asked).toEqual([`stop ${restart.id}`]);
  expect(await type("J", "walk back", keys.enter)).toContain("[ Cancel ]");
  expect(operations.asked).toHaveLength(1);
  await type(keys.tab, keys.enter);
  expect(operations.asked.at(-1)).toBe(`walk-back ${restart.id}`);
});

it("has what was cut off as the first problem, with the way to go on", async () => {
  const operations = createFakeOperations(() => restart);
  operations.write(restart, { kind: "driving", pid: 1 }, { kind: "intent", step: "web", says: "" });
  operations.cutOff(restart);
  const { type } = await openOn(lab, { ...writing, changing: operations.changing });
  expect((await type()).split("\n")[0]).toContain("✖ 1 unfinished");
  const problems = await type("!", "g");
  expect(pointed(problems)).toMatch(/✖ cut off: Restart web on vps1/);
  const menu = await type("a");
  expect(pointed(menu)).toContain("Resume");
  expect(menu).not.toContain("was not done");
  await type(keys.enter);
  expect(operations.asked).toEqual([`resume ${restart.id}`]);
});

it("lets a person say what became of a step of which nobody else can know", async () => {
  const operations = createFakeOperations(() => restart);
  operations.write(
    restart,
    { kind: "intent", step: "web", says: "" },
    { kind: "ended", outcome: "in-doubt", message: "Nobody can know whether “Run web” happened." },
  );
  const { type } = await openOn(lab, { ...writing, changing: operations.changing });
  const page = await type("7", keys.enter);
  expect(page).toMatch(/✖ in doubt after .*: somebody has to look/);
  expect(page).toMatch(/\? Run web/);
  await type("a", "was not", keys.enter);
  expect(operations.asked).toEqual([`resume ${restart.id} web was-not-done`]);
});

it("tells how a failed one ended, with what went back", async () => {
  const undo = step("undo", { title: "Put the old one back" });
  const plan = planOf("Upgrade web on vps1", [step("web", { undo: [undo] }), step("check")], {
    onFailure: "walk-back",
  });
  const operations = createFakeOperations(() => plan);
  operations.write(
    plan,
    { kind: "intent", step: "web", says: "" },
    { kind: "done", step: "web" },
    { kind: "intent", step: "check", says: "" },
    { kind: "failed", step: "check", why: "it does not answer" },
    { kind: "turned-back", why: "it does not answer" },
    { kind: "done", step: "undo" },
    { kind: "ended", outcome: "walked-back", message: "it does not answer\nAll was put back." },
  );
  const { type } = await openOn(lab, { changing: operations.changing });
  const page = await type("7", keys.enter);
  expect(page).toMatch(/▲ failed after .*: all was put back/);
  // Why stands where the eye goes first, and with its step.
  expect(page.indexOf("it does not answer")).toBeLessThan(page.indexOf("STEPS"));
  expect(page).toMatch(/✖ Run check[^\n]*\n +it does not answer/);
  expect(page).toMatch(/THE WAY BACK\n +● Put the old one back/);
  expect(page.match(/All was put back\./g)).toHaveLength(1);
});

it("wants the name of what is destroyed typed, each of them", async () => {
  const plan = planOf("Forget web", [
    step("web", { effect: "destroys", destroys: ["tank/web", "tank/old"] }),
  ]);
  const operations = createFakeOperations(() => plan);
  const { type } = await openOn(lab, { ...writing, changing: operations.changing });
  await type(...onWeb, "a", "restart", keys.enter);
  const question = await type(keys.enter);
  expect(question).toContain("Destroys tank/web, tank/old.");
  expect(question).toContain("Type tank/web to go on:");
  expect(question).toContain("[ Cancel ]");
  expect(await type(keys.tab, keys.enter)).toContain("Not confirmed, nothing was done.");
  await type(keys.enter, "tank/wrong", keys.enter);
  expect(operations.asked).toEqual([]);
  expect(await type(keys.enter, "tank/web")).toContain("[ Carry it out ]");
  expect(await type(keys.enter)).toContain("Type tank/old to go on:");
  await type("tank/old", keys.enter);
  expect(operations.asked).toEqual(["start Forget web"]);
});

it("drops a plan that comes when nobody waits for it any more", async () => {
  const late = Promise.withResolvers<typeof restart>();
  const { type } = await openOn(lab, { ...writing, changing: { plan: () => late.promise } });
  expect(await type(...onWeb, "a", "restart", keys.enter)).toContain("Asking the hosts");
  await type(keys.esc, "4");
  late.resolve(restart);
  expect(await type()).not.toContain("Restart web on vps1");
});

it("asks what a verb wants to know: one of several, or what is typed", async () => {
  const operations = createFakeOperations(() => restart);
  const toRequest = vi.fn((name: string) => ({ verb: "restart" as const, name }));
  const { press, write, rows } = openStage(
    lab,
    { columns: 80, rows: 24 },
    {},
    {
      changing: operations.changing,
      verbs: [
        {
          verb: "restart",
          title: "Restore",
          action: "thing.backups",
          kinds: ["service"],
          asks: [
            {
              id: "from",
              title: "From which?",
              choices: () => [
                { title: "yesterday", answer: "b2" },
                { title: "today", answer: "c3", about: "4 GB" },
              ],
            },
            { id: "version", title: "Which version?", otherwise: "the newest" },
            { id: "name", title: "As what?" },
          ],
          toRequest,
        },
      ],
    },
  );
  const screen = () => stripVTControlCharacters(rows().join("\n"));
  press("B");
  expect(screen()).toContain("Restore: not of a host.");
  press("2");
  write("/name:web");
  press("enter", "W", "tab", "enter", "B");
  expect(screen()).toContain("Restore web: From which?");
  write("yest");
  press("enter");
  expect(screen()).toMatch(/Restore web: Which version\?[\s\S]*> +the newest/);
  press("enter");
  expect(screen()).toContain("Restore web: As what?");
  press("enter");
  expect(screen()).toContain("Restore web: As what?");
  write("copy");
  press("enter");
  expect(toRequest).toHaveBeenCalledWith("web", { from: "b2", version: "", name: "copy" });
});

it("lets one choose from the copies that there are, and where to", async () => {
  const operations = createFakeOperations(() => restart);
  const found = Promise.withResolvers<readonly Copy[]>();
  const { type } = await openOn(lab, {
    ...writing,
    changing: { ...operations.changing, copies: () => found.promise },
  });
  const both = await type(...onWeb, "B");
  expect(both).toMatch(/Back up[\s\S]*Restore/);
  expect(both).not.toContain("Restart");
  expect(await type("restore", keys.enter)).toMatch(/Restore web: from which copy\?[\s\S]*asking the hosts/);
  found.resolve([
    { id: "c3", at: new Date(Date.now() - 3_600_000), host: "vps1", kind: "snapshot", sizeBytes: 5_000_000 },
    { id: "b2", at: new Date(Date.now() - 90_000_000), host: "nas", kind: "snapshot" },
  ]);
  const copies = await type();
  expect(copies).toMatch(/60 min ago +4\.8M +vps1 +snapshot/);
  await type(keys.down, keys.enter);
  expect(await type("nas", keys.enter)).toContain("Restore web: for good?");
  expect(await type("only try", keys.enter)).toContain("STEPS");
  expect(operations.planned).toEqual([{ verb: "restore", name: "web", from: "b2", to: "nas", drill: true }]);
});

it("says why there is nothing to choose from", async () => {
  const { type } = await openOn(lab, {
    ...writing,
    changing: { copies: () => Promise.reject(new Refused("There is no copy of web.")) },
  });
  const screen = await type(...onWeb, "B", "restore", keys.enter);
  expect(screen).toContain("There is no copy of web.");
  expect(screen).not.toContain("from which copy?");
});
