import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { folderWith } from "../../inventory/files.ts";
import { pause } from "../terminal/fake-terminal.ts";
import { keys, type OpenedCockpit, openOn } from "./open.ts";
import { type RecordedHomelab, readRecordedHomelab, recordedAt } from "./recorded-homelab.ts";
import { beginAt } from "./shift-clock.ts";

beginAt(recordedAt);

let lab: RecordedHomelab;
beforeAll(async () => {
  lab = await readRecordedHomelab();
});

const csi = "\x1b[";
const stamp = "2026-11-20T20:10:00.123456+00:00";

/** The log of a unit with a hundred lines. */
async function openLog(opened: OpenedCockpit, text = (n: number) => `line ${n}`) {
  await opened.type("2", "/", "name:ledger", keys.enter, "l");
  const log = opened.source.logs.at(-1);
  if (!log) throw new Error("no log was asked for");
  for (let n = 1; n <= 100; n++) log.say(`${stamp} ${text(n)}`);
  await opened.seen();
  return log;
}

const body = (screen: string) => screen.split("\n").slice(3, -3);

it("follows the end, stops where one scrolls, and follows again at the end", async () => {
  const cockpit = await openOn(lab);
  const log = await openLog(cockpit);
  expect(log.request).toMatchObject({ follow: true });
  expect(await cockpit.seen()).toContain("following");
  expect(body(await cockpit.seen()).at(-1)).toContain("line 100");
  log.say(`${stamp} newest`);
  expect(body(await cockpit.seen()).at(-1)).toContain("newest");
  const above = await cockpit.type("k", "k");
  log.say(`${stamp} newer still`);
  expect(body(await cockpit.seen())).toEqual(body(above));
  expect(body(await cockpit.type("g"))[0]).toContain("line 1");
  expect(body(await cockpit.type(keys.pageDown))[0]).toContain("line 19");
  expect(body(await cockpit.type("f")).at(-1)).toContain("newer still");
  expect(await cockpit.type()).toContain("following");
});

it("searches, and goes to the next and the one before", async () => {
  const cockpit = await openOn(lab);
  await openLog(cockpit, (n) => (n % 30 === 0 ? `Error in ${n}` : `line ${n}`));
  await cockpit.type("g", "/", "error", keys.enter);
  expect(body(await cockpit.type("n"))[0]).toContain("Error in 30");
  expect(body(await cockpit.type("n"))[0]).toContain("Error in 60");
  expect(body(await cockpit.type("n"))[0]).toContain("Error in 90");
  expect(await cockpit.type("n")).toContain("no other line below has error");
  expect(body(await cockpit.type("N"))[0]).toContain("Error in 60");
  expect(await cockpit.type()).toContain("/error");
  await cockpit.type("G");
  expect(body(await cockpit.type("N"))[0]).toContain("Error in 60");
});

it("wraps, and every line can be reached wrapped", { timeout: 20_000 }, async () => {
  const cockpit = await openOn(lab);
  await openLog(cockpit, (n) => `<${n}> ${"word ".repeat(60)} <end ${n}>`);
  expect(await cockpit.type()).not.toContain("<end 100>");
  const wrapped = await cockpit.type("w");
  expect(body(wrapped).join("\n")).toContain("<end 100>");
  const seen = new Set<string>();
  let screen = await cockpit.type("g");
  for (let page = 0; page < 40 && !screen.includes("following"); page++) {
    for (const [number] of screen.matchAll(/<end \d+>/g)) seen.add(number);
    screen = await cockpit.type(keys.pageDown);
  }
  for (const [number] of screen.matchAll(/<end \d+>/g)) seen.add(number);
  expect(seen.size).toBe(100);
});

it("shows lines with and without their times", async () => {
  const cockpit = await openOn(lab);
  await openLog(cockpit);
  expect(body(await cockpit.type())[0]?.trim()).toMatch(/^(\d\d-\d\d )?\d\d:10:00 line 83$/);
  expect(body(await cockpit.type("i"))[0]?.trim()).toBe("line 83");
});

it("asks for another while, of the same things, wherever the cursor is by now", async () => {
  const cockpit = await openOn(lab);
  const { source, type } = cockpit;
  await type("2", "l");
  const [first] = source.logs;
  source.show({ ...lab.homelab, services: lab.homelab.services.toReversed() });
  await pause(2_300);
  expect(await type("s")).toContain("last 10 min");
  expect(first?.signal.aborted).toBe(true);
  expect(source.logs.at(-1)).toMatchObject({
    request: { sinceMs: 600_000 },
    resource: { name: "web.service" },
  });
  await type("s");
  expect(source.logs.at(-1)?.request.sinceMs).toBe(3_600_000);
  expect(await type("s")).toContain("last day");
  expect(await type("s")).not.toContain("last");
  expect(source.logs.at(-1)?.request.sinceMs).toBeUndefined();
  await type(keys.esc);
  expect(source.logs.every(({ signal }) => signal.aborted)).toBe(true);
});

it("saves to a new file only, for nobody else's eyes", async () => {
  const file = join(folderWith({}), "ledger.log");
  const cockpit = await openOn(lab);
  await openLog(cockpit);
  expect(await cockpit.type("o")).toContain("save to: log-of-ledger.log");
  await cockpit.type(keys.ctrlU, keys.paste(file));
  expect(await cockpit.type(keys.enter)).toContain("100 lines saved");
  expect(readFileSync(file, "utf8").split("\n")).toHaveLength(101);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, "mine");
  expect(await cockpit.type("o", keys.ctrlU, keys.paste(file), keys.enter)).toContain("not saved");
  expect(readFileSync(file, "utf8")).toBe("mine");
  await cockpit.type("o", keys.esc);
  expect(existsSync("log-of-ledger.log")).toBe(false);
});

it("shows the logs of several services together, each in its colour and by its name", async () => {
  const cockpit = await openOn(lab);
  const { type, source, tty } = cockpit;
  await type("2", "/", "kind:service", keys.enter, " ", "j", "j", "j", " ");
  tty.writes.length = 0;
  await type("l");
  expect(source.logs.map(({ resource }) => resource.name)).toEqual(["web.service", "ledger.service"]);
  source.logs[0]?.say(`${stamp} from web`);
  source.logs[1]?.say(`${stamp} from ledger`);
  const screen = await cockpit.seen();
  expect(screen).toMatch(/vps1\/web\.service {4}[\d: -]+:10:00 from web/);
  expect(screen).toMatch(/vps2\/ledger\.service [\d: -]+:10:00 from ledger/);
  const written = tty.writes.join("").split(csi);
  const colours = ["vps1/web.service", "vps2/ledger.service"].map(
    (name) => written.find((piece) => piece.endsWith(`m${name}`))?.split("m")[0],
  );
  expect(colours).toEqual([expect.any(String), expect.any(String)]);
  expect(colours[0]).not.toBe(colours[1]);
});

it("says when a log ends, fails, or was never there", async () => {
  const cockpit = await openOn(lab, { env: { NO_COLOR: "1" } });
  const log = await openLog(cockpit);
  log.end(1);
  expect(await cockpit.seen()).toContain("✖ the log ended with exit code 1");
  const again = await openLog(await openOn(lab));
  again.fail(new Error("vps2 cannot be reached"));
  expect(await cockpit.type(keys.esc, "4", "l")).toContain("A disk has no log");
});

it("fits a reason of any length into the title", async () => {
  const cockpit = await openOn(lab);
  const log = await openLog(cockpit);
  log.fail(new Error(`first line\nsecond line ${"and more ".repeat(50)}\x1b[2J`));
  const screen = await cockpit.seen();
  expect(screen.split("\n")).toHaveLength(24);
  expect(screen).toContain("first line second line");
  expect(screen.split("\n")[2]).toMatch(/…$/);
});

it("lists what was sent, the newest below", async () => {
  const { type, source, seen } = await openOn(lab);
  await type("7");
  const at = new Date("2026-11-20T20:56:00Z");
  source.sent({ at, host: "vps1", text: "timeout -k 2 10 systemctl --version", tookMs: 12.4, exitCode: 0 });
  source.sent({ at, host: "nas", text: "upsc rack", tookMs: 3000, error: "not answered in 3 s" });
  const screen = await seen();
  expect(screen).toMatch(/vps1 [\d: -]+:56:00 exit 0, 12 ms {2}timeout -k 2 10 systemctl --version/);
  expect(screen).toMatch(/nas {2}[\d: -]+:56:00 not answered in 3 s, 3000 ms {2}upsc rack/);
});
