import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { actions } from "../../../src/tui/input/actions.ts";
import { normaliseKey } from "../../../src/tui/input/key-names.ts";
import { createKeymap } from "../../../src/tui/input/keymap.ts";

const keymap = createKeymap({});

function complaint(keys: Readonly<Record<string, string | readonly string[]>>): string {
  try {
    createKeymap(keys, "settings.json");
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message;
  }
  return "accepted";
}

describe("the default keys", () => {
  test("each action has its own id, and keys as the parser names them", () => {
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
    for (const { id, keys } of actions) {
      expect(keys, id).not.toEqual([]);
      expect(keys.map(normaliseKey), id).toEqual(keys);
    }
  });

  test("lower case only looks, upper case changes, save G, N and R", () => {
    const letters = actions.flatMap(({ keys, group }) =>
      keys.filter((key) => /^[a-zA-Z]$/.test(key)).map((key) => ({ key, group })),
    );
    const upper = letters.filter(({ key }) => key !== key.toLowerCase());
    expect(
      upper
        .filter(({ group }) => group !== "change")
        .map(({ key }) => key)
        .sort(),
    ).toEqual(["G", "N", "R", "W"]);
    const changing = letters.filter(({ group }) => group === "change").map(({ key }) => key);
    // `a` only shows what can be done.
    expect(changing.filter((key) => key === key.toLowerCase())).toEqual(["a"]);
  });

  test("no key that other programs take first, or that people press by mistake", () => {
    const keys = actions.flatMap((action) => action.keys);
    for (const key of ["ctrl+a", "ctrl+b", "ctrl+d", "ctrl+k", "ctrl+s", "ctrl+q"])
      expect(keys).not.toContain(key);
    // Neither F-keys nor Alt alone.
    for (const { id, keys } of actions)
      expect(
        keys.some((key) => !/^f\d|^alt/.test(key)),
        id,
      ).toBe(true);
  });

  test.each([
    ["j", ["list", "global"], "move.down"],
    ["j", ["dialog"], "move.down"],
    ["q", ["list", "global"], "go.back"],
    ["q", ["dialog"], "dialog.cancel"],
    ["enter", ["page", "global"], "thing.open"],
    ["s", ["list", "global"], "list.sort"],
    ["s", ["log", "global"], "log.since"],
    ["D", ["log", "global"], undefined],
    ["ctrl+c", ["text"], "scrap.leave"],
    ["D", ["dialog"], undefined],
    ["1", ["global"], "screen.fleet"],
  ] as const)("%s in %j is %s", (key, scopes, action) => {
    expect(keymap.actionFor(key, scopes)).toBe(action);
  });
});

describe("the user's keys", () => {
  test("take the place of the default ones", () => {
    const mine = createKeymap({ "move.down": ["Ctrl-N", "down"], "thing.shell": [], "go.themes": "F9" });
    expect(mine.keysOf("move.down")).toEqual(["ctrl+n", "down"]);
    expect(mine.actionFor("j", ["list"])).toBeUndefined();
    expect(mine.actionFor("x", ["list"])).toBeUndefined();
    expect(mine.actionFor("f9", ["global"])).toBe("go.themes");
  });

  test("may swap two actions", () => {
    const mine = createKeymap({ "thing.deploy": "U", "thing.upgrade": "D" });
    expect(mine.actionFor("D", ["list"])).toBe("thing.upgrade");
  });

  test.each([
    [{ "go.themes": "j" }],
    [{ "log.follow": "q" }],
    [{ "dialog.next": ["j"] }],
    [{ "list.sort": "ctrl+c" }],
    [{ "go.help": "y", "thing.yaml": "y" }],
    [{ "move.dwon": "j" }],
    [{ down: "j" }],
    [{ nothing: "j" }],
    [{ "move.down": "Hyper-Q" }],
    [{ "move.down": "" }],
    [{ "text.accept": "y" }],
  ])("%j", (keys) => {
    expect(complaint(keys as Record<string, string>)).toMatchSnapshot();
  });

  test("may be the same where they are never live together", () => {
    expect(complaint({ "log.follow": "s", "log.since": "S" })).toBe("accepted");
  });
});

test.each([
  ["Ctrl-C", "ctrl+c"],
  ["C-c", "ctrl+c"],
  ["^C", "ctrl+c"],
  ["ctrl+C", "ctrl+c"],
  ["^", "^"],
  ["M-x", "alt+x"],
  ["PgDn", "pagedown"],
  ["Return", "enter"],
  ["Escape", "esc"],
  [" ", "space"],
  ["Shift-Tab", "shift+tab"],
  ["BackTab", "shift+tab"],
  ["shift+a", "A"],
  ["A", "A"],
  ["shift+ctrl+Left", "ctrl+shift+left"],
  ["ctrl++", "ctrl++"],
  ["ctrl+-", "ctrl+-"],
  ["+", "+"],
  ["-", "-"],
  ["ctrl+i", "tab"],
  ["F12", "f12"],
  ["f25", undefined],
  ["é", "é"],
  ["", undefined],
  ["qq", undefined],
  ["ctrl+", undefined],
  ["\x1b", undefined],
])("%j is %s", (written, key) => {
  expect(normaliseKey(written)).toBe(key);
});

test("help says what can be pressed there, with the keys as they are", () => {
  const mine = createKeymap({ "log.follow": "F" });
  const help = mine.help(["log", "global"]);
  expect(help.find(({ group }) => group === "log")?.rows[0]).toEqual({
    id: "log.follow",
    keys: ["F"],
    title: "Follow",
  });
  expect(help.flatMap(({ rows }) => rows.map(({ id }) => id))).not.toContain("thing.deploy");
  expect(new Set(help.map(({ group }) => group)).size).toBe(help.length);
});
