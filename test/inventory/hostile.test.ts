import { expect, test } from "vitest";
import { loadInventory } from "../../src/inventory/load.ts";
import { complaint, folderWith, load } from "./files.ts";

const wrong = (text: string) => complaint(load(text));

test("aliases that would fill the memory", async () => {
  const layers = Array.from({ length: 12 }, (_, layer) => {
    const inner = layer === 0 ? "x" : `*a${layer - 1}`;
    return `a${layer}: &a${layer} [${Array(10).fill(inner).join(", ")}]`;
  });
  expect(await wrong(`version: 1\n${layers.join("\n")}\n`)).toContain("aliases (*) repeat too much");
});

test("anchors and aliases are taken, also several times", async () => {
  const { hosts } = await load(`version: 1
hosts:
  a: &same { user: ops, groups: [apps] }
  b: *same
  c: *same
`);
  expect([...hosts.values()].map(({ name, user, groups }) => [name, user, ...groups])).toEqual([
    ["a", "ops", "apps"],
    ["b", "ops", "apps"],
    ["c", "ops", "apps"],
  ]);
});

test.each([
  ["an alias of itself", "version: 1\nhosts: &h { a: *h }\n"],
  ["an alias of nothing", "version: 1\nhosts: *h\n"],
  ["merge keys", "version: 1\nhosts:\n  a: &a { user: x }\n  b: { <<: *a }\n"],
  ["names of prototypes", "version: 1\nhosts: { __proto__: { user: root }, constructor: {} }\n"],
  ["a name twice", "version: 1\nhosts:\n  nas: {}\n  nas: { user: root }\n"],
  ["tabs", "version: 1\nhosts:\n\tnas: {}\n"],
  ["tags", "version: 1\nhosts: { nas: { user: !!js/function x, zone: !secret y } }\n"],
  ["another version of YAML", "%YAML 1.1\n---\nversion: 1\nhosts: { nas: { protected: yes } }\n"],
  ["two documents", "version: 1\n---\nversion: 1\n"],
  ["brackets that never end", `version: 1\nhosts: ${"[".repeat(200_000)}`],
  ["levels that never end", `version: 1\nhosts: ${"[".repeat(100)}${"]".repeat(100)}`],
  ["text that is not closed", 'version: 1\nhosts: { nas: { user: "ops } }\n'],
  ["a name that is a list", "version: 1\nhosts: { ? [a] : {} }\n"],
])("%s", async (_, text) => {
  const told = await wrong(text);
  expect(told.slice(0, 400)).toMatchSnapshot();
});

test("truth is true or false, not yes or on", async () => {
  expect(await wrong("version: 1\nhosts: { nas: { protected: yes } }\n")).toMatchInlineSnapshot(
    `"inventory.yaml:2:28: hosts.nas.protected: expected true or false (found "yes")"`,
  );
});

test("nobody gets a prototype of their own", async () => {
  await wrong("version: 1\nhosts: { __proto__: { polluted: true } }\n");
  expect("polluted" in {}).toBe(false);
});

test("more than 1 MiB is not read", async () => {
  expect(await wrong(`version: 1\n#${"x".repeat(2 * 1024 * 1024)}\n`)).toMatchInlineSnapshot(
    `"inventory.yaml: 2097165 bytes, expected at most 1048576 (1 MiB)"`,
  );
});

test("what is not UTF-8 is not read", async () => {
  const folder = folderWith({ "inventory.yaml": new Uint8Array([0x61, 0x3a, 0xff, 0xfe]) });
  const loading = loadInventory({ file: `${folder}/inventory.yaml`, env: {}, home: folder });
  expect(await complaint(loading)).toMatchInlineSnapshot(`"inventory.yaml: is not UTF-8 text"`);
});

test("jump hosts and users that ssh would take for options or give to a shell", async () => {
  const hosts = ["a,-oProxyCommand=x", "-x@a", "a b", "a;id", "$(id)@a"].map(
    (jump, index) => `  h${index}: { jump: ${JSON.stringify(jump)} }`,
  );
  const told = await wrong(
    `version: 1\nhosts:\n${hosts.join("\n")}\n  ok: { user: "-l", address: "a;id" }\n`,
  );
  expect(told.split("\n").map((line) => line.split(": ")[1])).toEqual([
    "hosts.h0.jump",
    "hosts.h1.jump",
    "hosts.h2.jump",
    "hosts.h3.jump",
    "hosts.h4.jump",
    "hosts.ok.user",
    "hosts.ok.address",
  ]);
});

test("thousands of mistakes do not fill the screen", async () => {
  const told = await wrong(
    `version: 1\n${Array.from({ length: 3000 }, (_, i) => `field${i}: 1`).join("\n")}\n`,
  );
  expect(told.split("\n")).toHaveLength(201);
  expect(told).toMatch(/and 2800 more$/);
});
