import { beforeAll, expect, it, vi } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { pause } from "../terminal/fake-terminal.ts";
import { keys, openOn, pointed, preferencesOf } from "./open.ts";
import { type RecordedHomelab, readRecordedHomelab, recordedAt } from "./recorded-homelab.ts";
import { beginAt } from "./shift-clock.ts";

beginAt(recordedAt);

let lab: RecordedHomelab;
beforeAll(async () => {
  lab = await readRecordedHomelab();
});

const titleOf = (screen: string) =>
  screen
    .split("\n")[2]
    ?.trim()
    .replace(/ {2}↓ \d+ more$/, "");

it("walks into things with enter and back with escape", async () => {
  const { type, isOver } = await openOn(lab);
  expect(titleOf(await type(keys.enter))).toBe("host vps1");
  expect(pointed(await type())).toContain("web");
  expect(titleOf(await type(keys.enter))).toBe("service web");
  expect(titleOf(await type("j", keys.enter))).toBe("unit web.service on vps1");
  expect(titleOf(await type(keys.esc))).toBe("service web");
  expect(titleOf(await type("q"))).toBe("host vps1");
  expect(await type("q")).toContain("by zone");
  expect(isOver()).toBe(false);
  await type("q");
  expect(isOver()).toBe(true);
});

it("goes to a screen from anywhere, and back to the fleet", async () => {
  const { type } = await openOn(lab, { env: { NO_COLOR: "1" } });
  expect(await type(keys.enter, "4")).toContain("4 [storage]");
  expect(await type("7")).toContain("7 [activity]");
  expect(titleOf(await type("@"))).toContain("Commands that were sent");
  expect(await type(keys.esc)).toContain("7 [activity]");
  expect(await type(keys.esc)).toContain("1 [fleet]");
});

it("reads a long page to its end and back", async () => {
  const { type } = await openOn(lab);
  await type(keys.enter);
  const end = await type("G");
  expect(titleOf(end)).toBe("host vps1");
  expect(end).toContain("POWER");
  expect(titleOf(await type("g"))).toBe("host vps1");
  expect(await type()).toContain("address");
  const seen = new Set<string>();
  for (let step = 0; step < 12; step++)
    for (const row of (await type("jjj")).split("\n").slice(3, -3)) seen.add(row.slice(4));
  expect([...seen].join("\n")).toContain("rack is on battery");
});

it("never leaves by an escape: that may be the first half of an arrow", async () => {
  const { type, isOver, tty, seen } = await openOn(lab);
  expect(await type(keys.esc)).toContain("q leaves");
  for (const [first, rest] of [
    ["\x1b", "[B"],
    ["\x1b[", "B"],
    ["\x1b", "OB"],
  ] as const) {
    tty.stdin.write(first);
    await pause(300);
    tty.stdin.write(rest);
    await seen();
  }
  expect(isOver()).toBe(false);
  expect(pointed(await seen())).toContain("vps2");
  await type("q");
  expect(isOver()).toBe(true);
});

it("finds a host by its name in the palette, and opens it", async () => {
  const { type } = await openOn(lab);
  const found = await type(":", "store");
  expect(pointed(found)).toMatch(/host +store/);
  expect(titleOf(await type(keys.enter))).toBe("host store");
});

it("finds screens, tabs and actions in the palette, with their keys", async () => {
  const { type } = await openOn(lab, { env: { NO_COLOR: "1" } });
  expect(await type(":", "arrays pools", keys.enter)).toContain("[arrays and pools]");
  expect(pointed(await type(":", "only problems"))).toMatch(/! +Only problems/);
  expect(await type(keys.enter)).toContain("problems only");
  expect(await type(":", "no such thing at all")).toContain("nothing of that name");
  expect(await type(keys.enter, keys.esc)).toContain("problems only");
});

it("executes what is chosen in help", async () => {
  const { type } = await openOn(lab);
  expect(pointed(await type("?", "only problems"))).toContain("!");
  expect(await type(keys.enter)).toContain("problems only");
  const inLog = await type("@", "?");
  expect(inLog).toContain("Wrap lines");
  expect(inLog).not.toContain("Invert the marks");
});

it("says in the actions what cannot be done and why", async () => {
  const { type } = await openOn(lab, { size: { columns: 100, rows: 40 } });
  const actions = await type("a");
  expect(actions).toContain("What can be done: host vps1");
  expect(actions).toMatch(/l +Logs +a host has no log/);
  expect(actions).toMatch(/M +Migrate +not yet/);
  expect(await type("migrate", keys.enter)).toContain("Migrate: not yet");
  expect(await type("M")).toContain("Migrate: not yet");
  expect(await type("D")).toContain("Deploy: not of a host.");
});

it("is read-only until the person says otherwise, with Cancel first", async () => {
  const { type } = await openOn(lab);
  expect((await type()).split("\n")[0]).toContain("read-only");
  expect(await type("W")).toContain("[ Cancel ]    Allow changes");
  expect((await type(keys.enter)).split("\n")[0]).toContain("read-only");
  await type("W", keys.esc);
  expect((await type()).split("\n")[0]).toContain("read-only");
  expect(await type("W", keys.tab)).toContain("Cancel    [ Allow changes ]");
  expect((await type(keys.enter)).split("\n")[0]).toContain("write");
  expect((await type("W")).split("\n")[0]).toContain("read-only");
});

it("lets no key through a question", async () => {
  const { type, isOver } = await openOn(lab);
  const screen = await type("W", "4", "!", ":", "x", "D", keys.paste("y"));
  expect(screen).toContain("[ Cancel ]");
  expect(screen).not.toContain("problems only");
  await type("q");
  expect(isOver()).toBe(false);
});

it("copies what is marked, and the text that is read, through the terminal", async () => {
  const { type, tty } = await openOn(lab);
  const copied = () =>
    [...tty.writes.join("").matchAll(/\]52;c;([A-Za-z0-9+/=]*)/g)].map(([, text = ""]) =>
      Buffer.from(text, "base64").toString(),
    );
  expect(await type("c")).toContain("copied: vps1");
  expect(await type(" ", " ", "c")).toContain("copied: vps1, nas");
  await type("y");
  expect(copied()).toEqual(["vps1", "vps1\nnas"]);
  expect(await type("c")).toContain("copied: 2 lines");
  expect(copied().at(-1)).toContain("kind: host\nid: ");
});

it("works with other keys, and says them in help and below", async () => {
  const { type } = await openOn(lab, {
    preferences: { keys: { "find.problems": "P", "move.down": ["ctrl+n", "u"], "thing.open": "f5" } },
  });
  expect(pointed(await type("u"))).toContain("nas");
  expect(pointed(await type("\x0e"))).toContain("store");
  expect(pointed(await type("j"))).toContain("store");
  expect(await type("!")).not.toContain("problems only");
  const problems = await type("P");
  expect(problems).toContain("problems only");
  expect(problems.split("\n").at(-1)).toContain("f5 open");
  expect(pointed(await type("?", "only problems"))).toMatch(/> +P +Only problems/);
  expect(titleOf(await type(keys.esc, "\x1b[15~"))).toBe("pool tank on store");
});

it("refuses keys that overlap, before it touches the terminal", async () => {
  await expect(openOn(lab, { preferences: { keys: { "find.problems": "j" } } })).rejects.toThrow(UsageError);
  await expect(openOn(lab, { preferences: { keys: { "no.such": "j" } } })).rejects.toThrow("no such action");
});

it("shows another theme at once, and says when one cannot be read", async () => {
  const { type, tty } = await openOn(lab, {
    options: {
      themes: () => [
        { name: "broken", title: "Broken" },
        { name: "nord", title: "Nord" },
      ],
    },
  });
  tty.writes.length = 0;
  expect(await type("t", "nord", keys.enter)).toContain("theme is nord");
  expect(tty.writes.join("")).toMatch(/\[3\d(;[\d;]+)?m/);
});

it("names a theme that is refused, and why, and does not take it", async () => {
  const usual = preferencesOf();
  const set = vi.fn(usual.set);
  const why = "background: expected a colour as #rrggbb";
  const { type } = await openOn(lab, {
    options: { preferences: { ...usual, set }, themes: () => [{ name: "mine", title: "mine.json", why }] },
  });
  expect(await type("t")).toMatch(new RegExp(`mine\\.json +${why}`));
  expect((await type(keys.enter)).split("\n").at(-1)).toContain(`mine.json: ${why}`);
  expect(set).not.toHaveBeenCalled();
});

it("stays when a theme, a shell or the facts fail", async () => {
  const fails = () => Promise.reject(new Error("it is broken"));
  const { type, isOver } = await openOn(lab, { options: { lookBy: fails, runShell: fails, toYaml: fails } });
  expect(await type("t", keys.enter)).toContain("it is broken");
  expect(await type("x")).toContain("it is broken");
  expect(await type("y")).toContain("it is broken");
  expect(isOver()).toBe(false);
});

it("says what a setting became, or why it does not fit", async () => {
  const usual = preferencesOf();
  const set = vi.fn(async (key: string, value: string) => {
    if (value === "none") throw new UsageError("units: one of iec and si is expected");
    await usual.set(key, value);
  });
  const { type } = await openOn(lab, { options: { preferences: { ...usual, set } } });
  expect(await type(",", "units", keys.enter)).toContain("set units: iec");
  expect(await type(keys.ctrlU, "none", keys.enter)).toContain("one of iec and si is expected");
  expect(await type(",", "units", keys.enter, keys.ctrlU, "si", keys.enter)).toContain("units is si");
});

it("saves that changes are allowed only when the person says so, with Cancel first", async () => {
  const usual = preferencesOf();
  const set = vi.fn(usual.set);
  const { type } = await openOn(lab, { options: { preferences: { ...usual, set } } });
  expect(await type(",", "readOnly", keys.enter)).toContain("[ Cancel ]    Allow at every start");
  await type(keys.enter);
  await type(",", "readOnly", keys.enter, keys.esc);
  expect(set).not.toHaveBeenCalled();
  await type(",", "readOnly", keys.enter, keys.tab);
  expect(await type(keys.enter)).toContain("readOnly is false from the next start on");
  expect(set).toHaveBeenLastCalledWith("readOnly", "false");
  expect((await type()).split("\n")[0]).toContain("read-only");
  // The way back asks nobody.
  expect(await type(",", "readOnly", keys.enter)).toContain("readOnly is true");
});

it("keeps the page of a thing that is gone, says so, and goes back", async () => {
  const { type, source, seen } = await openOn(lab);
  await type("4", "j", keys.enter);
  source.show({ hosts: [], services: [], resources: [] });
  await vi.waitFor(async () => expect(await seen()).toContain("is not seen any more"), 5_000);
  const screen = await type(keys.enter, "l", "x", "c", "d", "a", keys.esc, "R", "j", "G");
  expect(screen).toContain("SCRAP");
  expect(await type(keys.esc)).toContain("No disk was seen.");
});

it("pauses, goes on, and asks anew", async () => {
  const { type, source } = await openOn(lab);
  expect((await type("p")).split("\n")[0]).toContain("paused");
  expect(source.setPaused).toHaveBeenLastCalledWith(true);
  expect((await type("p")).split("\n")[0]).not.toContain("paused");
  expect(source.setPaused).toHaveBeenLastCalledWith(false);
  expect(await type("R")).toContain("asking 6 hosts anew");
  await type("jj", keys.enter, "R");
  expect(source.refresh).toHaveBeenLastCalledWith(["store"]);
});

it("gives the terminal to one after the other", async () => {
  const { cockpit, type } = await openOn(lab);
  const order: string[] = [];
  const ask = (name: string) =>
    cockpit.suspended(async () => {
      order.push(`${name} begins`);
      await pause(30);
      order.push(`${name} ends`);
      return name;
    });
  expect(await Promise.all([ask("a"), ask("b")])).toEqual(["a", "b"]);
  expect(order).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  expect(pointed(await type("j"))).toContain("nas");
});
