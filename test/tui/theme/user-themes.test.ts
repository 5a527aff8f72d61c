import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { bundledThemes } from "../../../src/tui/theme/bundled-themes.ts";
import { findThemes, loadTheme } from "../../../src/tui/theme/user-themes.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scrap-themes-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: unknown) => {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};

it("has the bundled ones without any folder", async () => {
  expect((await loadTheme("nord", "/nowhere")).title).toBe("Nord");
  expect(await findThemes("/nowhere")).toEqual({ themes: bundledThemes, refused: [] });
});

it("tells which there are", async () => {
  write("mine", { name: "mine", title: "Mine", styles: {} });
  await expect(loadTheme("nordic", folder)).rejects.toThrow(
    /There is no theme nordic; there are default, .*, mine$/,
  );
  await expect(loadTheme("../mine", folder)).rejects.toThrow(UsageError);
});

it("reads one that leaves things out", async () => {
  write("mine", { name: "mine", title: "Mine", styles: { ok: { color: "blue", bold: true } } });
  expect(await loadTheme("mine", folder)).toEqual({
    name: "mine",
    title: "Mine",
    styles: { ok: { color: "blue", bold: true } },
  });
});

it.each([
  ["{ no", /^\S+: .*JSON/],
  [[], /^\S+: expected an object with some of name, title/],
  [{ title: "T", styles: {} }, /^\S+: name: expected a name of small letters/],
  [{ name: "other", title: "T", styles: {} }, /^\S+: name: expected wrong, as the file is called/],
  [{ name: "wrong", title: "T\u001b[2J", styles: {} }, /^\S+: title: expected a text of at most 60/],
  [{ name: "wrong", title: "T" }, /^\S+: styles: expected an object with some of text, muted/],
  [{ name: "wrong", title: "T", styles: { okay: {} } }, /^\S+: styles\.okay: expected one of text, muted/],
  [
    { name: "wrong", title: "T", styles: { ok: { color: "rot" } } },
    /^\S+: styles\.ok\.color: expected a colour: #rrggbb or one of black, red/,
  ],
  [
    { name: "wrong", title: "T", styles: { ok: { bold: 1, colour: "red" } } },
    /^\S+: styles\.ok\.bold: expected true or false\n\S+: styles\.ok\.colour: expected one of color/,
  ],
  [
    { name: "wrong", title: "T", background: "red", styles: {} },
    /^\S+: background: expected a colour as #rrggbb/,
  ],
])("tells file, field and what is expected: %j", async (content, message) => {
  const path = write("wrong", content);
  await expect(loadTheme("wrong", folder)).rejects.toThrow(message);
  await expect(loadTheme("wrong", folder)).rejects.toThrow(path);
  await expect(loadTheme("wrong", folder)).rejects.toBeInstanceOf(UsageError);
});

it("offers the right ones beside one that is wrong", async () => {
  write("nord", { name: "nord", title: "Not nord", styles: {} });
  const { themes, refused } = await findThemes(folder);
  expect(themes.map(({ name }) => name)).toContain("mine");
  expect(refused).toEqual([
    {
      name: "nord",
      title: "nord.json",
      why: "name: expected another one, for nord is a theme of SCRAP itself",
    },
    { name: "wrong", title: "wrong.json", why: expect.stringMatching(/expected/) },
  ]);
});

it("needs no zod for what is bundled", async () => {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    entryPoints: ["look", "detect-look", "user-themes"].map((name) => `src/tui/theme/${name}.ts`),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    outdir: "dist",
    write: false,
    metafile: true,
  });
  const loadedAtOnce = (output: string): readonly string[] => {
    const { inputs = {}, imports = [] } = metafile.outputs[output] ?? {};
    const next = imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path);
    return [...Object.keys(inputs), ...next.flatMap(loadedAtOnce)];
  };
  const inputs = Object.entries(metafile.outputs)
    .filter(
      ([, { entryPoint }]) => entryPoint?.endsWith("theme/user-themes.ts") || entryPoint?.endsWith("look.ts"),
    )
    .flatMap(([output]) => loadedAtOnce(output));
  expect(inputs).toContain("themes/default.json");
  expect(inputs.filter((path) => path.includes("node_modules/zod"))).toEqual([]);
});
