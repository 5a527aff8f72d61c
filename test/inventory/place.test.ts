import { chmodSync, chownSync, mkdirSync, symlinkSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadInventory } from "../../src/inventory/load.ts";
import { localInventory } from "../../src/inventory/local-inventory.ts";
import { inventoryFile } from "../../src/inventory/place.ts";
import { complaint, folderWith } from "./files.ts";

const one = (name: string) => `version: 1\nhosts: { ${name}: {} }\n`;
const namesOf = async (options: Parameters<typeof loadInventory>[0]) => [
  ...(await loadInventory(options)).hosts.keys(),
];

test("--inventory, then SCRAP_INVENTORY, then XDG_CONFIG_HOME, then ~/.config", async () => {
  const home = folderWith({
    "a.yaml": one("named"),
    "b.yaml": one("variable"),
    "xdg/scrap/inventory.yaml": one("xdg"),
    ".config/scrap/inventory.yaml": one("usual"),
  });
  const all = { XDG_CONFIG_HOME: join(home, "xdg"), SCRAP_INVENTORY: join(home, "b.yaml") };
  expect(await namesOf({ file: join(home, "a.yaml"), env: all, home })).toEqual(["named"]);
  expect(await namesOf({ env: all, home })).toEqual(["variable"]);
  expect(await namesOf({ env: { ...all, SCRAP_INVENTORY: "" }, home })).toEqual(["xdg"]);
  expect(await namesOf({ env: { XDG_CONFIG_HOME: "relative" }, home })).toEqual(["usual"]);
});

test("nothing anywhere: where it was looked for, and what to write", async () => {
  const home = folderWith({});
  expect(await inventoryFile({ env: {}, home })).toBeUndefined();
  expect(await complaint(loadInventory({ env: {}, home }))).toMatchInlineSnapshot(`
    "No inventory: there is no .config/scrap/inventory.yaml, and neither --inventory nor SCRAP_INVENTORY is given.
    hint: Write this into .config/scrap/inventory.yaml, with your own names:
    version: 1
    hosts:
      nas: {}
    "
  `);
});

test("one that is named must be there", async () => {
  const home = folderWith({});
  const options = { env: { SCRAP_INVENTORY: join(home, "x.yaml") }, home };
  expect(await inventoryFile(options)).toBe(join(home, "x.yaml"));
  expect(await complaint(loadInventory(options))).toMatchInlineSnapshot(`"x.yaml: cannot be read (ENOENT)"`);
});

test.each([0o620, 0o602, 0o666])("mode %o is refused, with the way to mend it", async (mode) => {
  const home = folderWith({ "i.yaml": one("nas") });
  chmodSync(join(home, "i.yaml"), mode);
  const told = await complaint(loadInventory({ file: join(home, "i.yaml"), env: {}, home }));
  expect(told).toBe(`i.yaml: other users can change it (mode 0${mode.toString(8)})\nhint: chmod go-w i.yaml`);
});

test.skipIf(process.getuid?.() !== 0)("a file of another user is refused (needs root)", async () => {
  const home = folderWith({ "i.yaml": one("nas") });
  chownSync(join(home, "i.yaml"), 12345, 12345);
  expect(
    await complaint(loadInventory({ file: join(home, "i.yaml"), env: {}, home })),
  ).toMatchInlineSnapshot(`
    "i.yaml: belongs to another user (uid 12345), who can change it
    hint: chown 0 i.yaml"
  `);
});

test("a link is followed, and what it points at is what must be ours", async () => {
  const home = folderWith({ "dotfiles/i.yaml": one("nas") });
  symlinkSync(join(home, "dotfiles/i.yaml"), join(home, "i.yaml"));
  expect(await namesOf({ file: join(home, "i.yaml"), env: {}, home })).toEqual(["nas"]);
  chmodSync(join(home, "dotfiles/i.yaml"), 0o666);
  expect(await complaint(loadInventory({ file: join(home, "i.yaml"), env: {}, home }))).toContain(
    "can change it",
  );
});

test("a folder that anybody may put another file into is refused", async () => {
  const home = folderWith({ "open/i.yaml": one("nas") });
  chmodSync(join(home, "open"), 0o777);
  expect(
    await complaint(loadInventory({ file: join(home, "open/i.yaml"), env: {}, home })),
  ).toMatchInlineSnapshot(`
    "open/i.yaml: anybody can put another file in its place
    hint: chmod o-w open"
  `);
  chmodSync(join(home, "open"), 0o1777);
  expect(await namesOf({ file: join(home, "open/i.yaml"), env: {}, home })).toEqual(["nas"]);
});

test("--ssh-config goes over every other", async () => {
  const home = folderWith({ "i.yaml": "version: 1\nhosts: { a: { sshConfig: mine }, b: {} }\n" });
  const options = { file: join(home, "i.yaml"), env: {}, home };
  const { hosts } = await loadInventory({ ...options, sshConfig: "/dev/null" });
  expect([...hosts.values()].map((host) => host.sshConfig)).toEqual(["/dev/null", "/dev/null"]);
});

test("`none` is no file but no OpenSSH configuration at all", async () => {
  const home = folderWith({
    "i.yaml": `version: 1
include: { ssh: true }
defaults: { sshConfig: none }
hosts: { a: {}, b: { sshConfig: mine } }
`,
    ".ssh/config": "Host c\n",
    mine: "",
    "hosts.ini": "d ansible_ssh_common_args='-F none'\n",
  });
  const configsOf = async (name: string, sshConfig?: string) => {
    const { hosts } = await loadInventory({ file: join(home, name), env: {}, home, sshConfig });
    return Object.fromEntries([...hosts.values()].map((host) => [host.name, host.sshConfig]));
  };
  expect(await configsOf("i.yaml")).toEqual({ a: "none", b: join(home, "mine") });
  expect(await configsOf("i.yaml", "none")).toEqual({ a: "none", b: "none" });
  expect(await configsOf("hosts.ini")).toEqual({ d: "none" });
  await expect(configsOf("hosts.ini", "./none")).rejects.toThrow(/--ssh-config: .*none: cannot be read/);
});

test("this machine alone", () => {
  const { hosts, sources } = localInventory();
  const name = hostname().split(".")[0] ?? "";
  expect([...hosts.values()]).toMatchObject([{ name, transport: "local" }]);
  expect(sources.get(name)).toEqual({ kind: "this machine" });
});

test("a directory without ansible is told as one", async () => {
  const home = folderWith({});
  mkdirSync(join(home, "d"));
  expect(await complaint(loadInventory({ file: join(home, "d"), env: {}, home }))).toContain("a directory");
});
