import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));
const map = readFileSync(join(src, "README.md"), "utf8");

/** The tables of src/README.md are the rule: what people read there is what is enforced here. */
function readTable(title: string): Map<string, readonly string[]> {
  const table = map.split(`| ${title} |`)[1]?.split("\n\n")[0] ?? "";
  const rows = [...table.matchAll(/^\| `([^`]+)` \| (.*?) \|/gm)];
  return new Map(
    rows.map(([, name = "", cell = ""]) => [name, [...cell.matchAll(/`([^`]+)`/g)].map(([, to = ""]) => to)]),
  );
}

const wiring = [
  "main",
  "context",
  "open-session",
  "session",
  "cockpit",
  "operate",
  "answer",
  "detach",
  "drive",
  "change",
  "on-demo",
];
const rooms = readTable("room");
const homes = readTable("dependency");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
const roomOf = (file: string) => (file.split("/")[0] ?? "").replace(/\.tsx?$/, "");

const imports = files.flatMap((file) =>
  [...readFileSync(join(src, file), "utf8").matchAll(/\bfrom "([^"\n]+)";|\bimport\("([^"\n]+)"\)/g)].map(
    ([, named, loaded]) => ({ file, to: named ?? loaded ?? "" }),
  ),
);

it("has every room in the table, and every row of the table", () => {
  const there = [...new Set(files.map(roomOf))].filter((room) => !wiring.includes(room)).sort();
  expect([...rooms.keys()].sort()).toEqual(there);
});

it("every room imports only what the table says", () => {
  const trespasses = imports
    .filter(({ file, to }) => !wiring.includes(roomOf(file)) && to.startsWith("."))
    .map(({ file, to }) => ({
      file,
      from: roomOf(file),
      to: roomOf(relative(src, join(src, dirname(file), to))),
    }))
    .filter(({ from, to }) => from !== to && !rooms.get(from)?.includes(to));
  expect(trespasses).toEqual([]);
});

it("nobody but on-demo knows of the demo", () => {
  const knowing = imports.filter(
    ({ file, to }) =>
      roomOf(file) !== "demo" &&
      to.startsWith(".") &&
      roomOf(relative(src, join(src, dirname(file), to))) === "demo",
  );
  expect([...new Set(knowing.map(({ file }) => file))]).toEqual(["on-demo.ts"]);
});

it("each dependency has its homes", () => {
  const strangers = imports
    .filter(({ to }) => !to.startsWith(".") && !to.startsWith("node:"))
    .map(({ file, to }) => ({
      file,
      name: to.startsWith("@") ? to.split("/").slice(0, 2).join("/") : (to.split("/")[0] ?? ""),
    }))
    .filter(({ file, name }) => !homes.get(name)?.includes(roomOf(file)));
  expect(strangers).toEqual([]);
});

it("a backend is pure: it never touches Node.js or a host", () => {
  const impure = imports.filter(
    ({ file, to }) => file.startsWith("backends/") && (to.startsWith("node:") || to.includes("/transport/")),
  );
  expect(impure).toEqual([]);
});

it("backends do not know one another", () => {
  // Beside the folders of the tools lie the files that a family of them shares.
  const toolOf = (path: string) => /^backends\/(host|\w+\/[\w-]+)\/[\w-]+\.ts$/.exec(path)?.[1];
  const gossip = imports
    .filter(({ file, to }) => toolOf(file) && to.startsWith("."))
    .map(({ file, to }) => ({ file, to: relative(src, join(src, dirname(file), to)) }))
    .filter(({ file, to }) => toolOf(to) && toolOf(file) !== toolOf(to));
  expect(gossip).toEqual([]);
});

it("asks nothing of a folder that cannot say what it is for", () => {
  const vague = files.filter((file) => /(^|\/)(core|common|utils|helpers|services|managers)\//.test(file));
  expect(vague).toEqual([]);
});
