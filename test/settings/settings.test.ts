import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../../src/errors.ts";
import { openPassingSettings } from "../../src/settings/passing-settings.ts";
import { openSettings } from "../../src/settings/settings.ts";
import { folderWith } from "../inventory/files.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;

async function complaint(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const hint = error.hint === undefined ? "" : ` (${error.hint})`;
    return `${error.message}${hint}`.replaceAll(/\/\S*scrap-inventory-\w+\//g, "");
  }
  return "accepted";
}

test("nothing set: the defaults, and reading them writes nothing", async () => {
  const home = folderWith({});
  const settings = await openSettings({}, home);
  expect(settings.path).toBe(join(home, ".config/scrap/settings.json"));
  expect(Object.fromEntries(settings.list())).toMatchInlineSnapshot(`
    {
      "columns": {},
      "defaultScreen": "fleet",
      "graphs": "auto",
      "keys": {},
      "mouse": false,
      "readOnly": true,
      "theme": "default",
      "units": "iec",
      "watch.refreshSeconds": 5,
    }
  `);
  expect(existsSync(join(home, ".config"))).toBe(false);
});

test("what is set is there the next time, for its owner only", async () => {
  const home = folderWith({});
  const env = { XDG_CONFIG_HOME: join(home, "xdg") };
  const settings = await openSettings(env, home);
  await settings.set("watch.refreshSeconds", "30");
  expect(settings.watchRefreshSeconds).toBe(30);
  const again = await openSettings(env, home);
  expect(again.watchRefreshSeconds).toBe(30);
  expect(again.path).toBe(join(home, "xdg/scrap/settings.json"));
  expect(modeOf(again.path)).toBe(0o600);
  expect(modeOf(join(home, "xdg/scrap"))).toBe(0o700);
});

test("a value that does not fit is refused, and the file stays as it was", async () => {
  const home = folderWith({});
  const settings = await openSettings({}, home);
  await settings.set("watch.refreshSeconds", "30");
  const before = readFileSync(settings.path, "utf8");
  expect(await complaint(() => settings.set("watch.refreshSeconds", "0"))).toMatchInlineSnapshot(
    `".config/scrap/settings.json: Config schema violation: \`watch/refreshSeconds\` must be >= 1 (watch.refreshSeconds takes a number from 1 to 3600)"`,
  );
  expect(await complaint(() => settings.set("watch", "1"))).toMatchInlineSnapshot(
    `"There is no setting watch; there are theme, graphs, defaultScreen, columns, units, readOnly, mouse, keys, watch.refreshSeconds"`,
  );
  expect(readFileSync(settings.path, "utf8")).toBe(before);
});

test.each([
  ["a wrong value", '{"watch":{"refreshSeconds":"fast"}}'],
  ["an unknown field", '{"watch":{"seconds":5}}'],
  ["an unknown part", '{"wach":{}}'],
  ["no JSON", "{watch:"],
])("a file with %s is refused, with file and field, and not thrown away", async (_, text) => {
  const home = folderWith({ ".config/scrap/settings.json": text });
  expect(await complaint(() => openSettings({}, home))).toMatchSnapshot();
  expect(readFileSync(join(home, ".config/scrap/settings.json"), "utf8")).toBe(text);
});

test("a file that others can change is refused", async () => {
  const home = folderWith({ ".config/scrap/settings.json": "{}" });
  chmodSync(join(home, ".config/scrap/settings.json"), 0o666);
  expect(await complaint(() => openSettings({}, home))).toMatchInlineSnapshot(
    `".config/scrap/settings.json: other users can change it (chmod go-w .config/scrap/settings.json)"`,
  );
});

test.each([
  ["theme", "nord", "nord"],
  ["theme", "5", "5"],
  ["graphs", "ascii", "ascii"],
  ["defaultScreen", "power", "power"],
  ["columns", '{"fleet":["HOST","LOAD"]}', { fleet: ["HOST", "LOAD"] }],
  ["units", "si", "si"],
  ["readOnly", "false", false],
  ["mouse", "true", true],
  ["keys", '{"move.down":["j","down"],"go.help":"f1"}', { "move.down": ["j", "down"], "go.help": "f1" }],
])("%s can be set to %s", async (key, typed, value) => {
  const home = folderWith({});
  await (await openSettings({}, home)).set(key, typed);
  expect(Object.fromEntries((await openSettings({}, home)).list())[key]).toEqual(value);
});

test.each([
  ["theme", "../nord"],
  ["graphs", "dots"],
  ["defaultScreen", "home"],
  ["columns", '{"flet":["HOST"]}'],
  ["columns", "HOST,LOAD"],
  ["units", "kib"],
  ["readOnly", "no"],
  ["keys", '{"move.down":1}'],
  ["keys", "{move.down:j}"],
])("%s cannot be set to %s", async (key, typed) => {
  expect(
    await complaint(async () => (await openSettings({}, folderWith({}))).set(key, typed)),
  ).toMatchSnapshot();
});

test("a program sets values as they are", async () => {
  const home = folderWith({});
  const settings = await openSettings({}, home);
  await settings.put("columns", { fleet: ["HOST"] });
  expect(settings.get("columns")).toEqual({ fleet: ["HOST"] });
  expect((await openSettings({}, home)).get("columns")).toEqual({ fleet: ["HOST"] });
  expect((await openSettings({}, home)).get("readOnly")).toBe(true);
});

test("who tries something out begins with what is set, and leaves it as it is", async () => {
  const home = folderWith({});
  await (await openSettings({}, home)).set("theme", "nord");
  const passing = await openPassingSettings({}, home);
  expect(passing.get("theme")).toBe("nord");
  await passing.set("theme", "gruvbox");
  expect(passing.get("theme")).toBe("gruvbox");
  expect((await openSettings({}, home)).get("theme")).toBe("nord");
});
