import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { UsageError } from "../../errors.ts";
import { bundledThemes } from "./bundled-themes.ts";
import type { Theme } from "./tokens.ts";

/** A bundled theme, or `<folder>/<name>.json`. Throws `UsageError` when there is none, or a file that is wrong. */
export async function loadTheme(name: string, folder: string): Promise<Theme> {
  const bundled = bundledThemes.find((theme) => theme.name === name);
  if (bundled) return bundled;
  const names = await listUserThemes(folder);
  if (names.includes(name)) return await readTheme(join(folder, `${name}.json`));
  const all = [...bundledThemes.map((theme) => theme.name), ...names];
  throw new UsageError(`There is no theme ${name}; there are ${all.join(", ")}`, {
    hint: `A theme of your own is a file in ${folder}`,
  });
}

export interface FoundThemes {
  readonly themes: readonly Theme[];
  /** One for each file that is wrong: the others can be chosen nevertheless. */
  readonly refused: readonly { readonly name: string; readonly title: string; readonly why: string }[];
}

/** What there is to choose from. */
export async function findThemes(folder: string): Promise<FoundThemes> {
  const themes = [...bundledThemes];
  const refused: FoundThemes["refused"][number][] = [];
  for (const name of await listUserThemes(folder)) {
    const path = join(folder, `${name}.json`);
    try {
      themes.push(await readTheme(path));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refused.push({
        name,
        title: basename(path),
        why: error.message.replaceAll(`${path}: `, "").replaceAll("\n", "; "),
      });
    }
  }
  return { themes, refused };
}

/** Nobody needs to have such a folder. */
async function listUserThemes(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []);
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => basename(file, ".json"))
    .sort();
}

async function readTheme(path: string): Promise<Theme> {
  const value = await readJson(path);
  // Large, and most people have no themes of their own.
  const { checkTheme } = await import("./theme-schema.ts");
  const checked = checkTheme(value);
  if ("issues" in checked)
    throw new UsageError(checked.issues.map((issue) => `${path}: ${issue}`).join("\n"));
  const { theme } = checked;
  const expected = basename(path, ".json");
  if (theme.name !== expected)
    throw new UsageError(`${path}: name: expected ${expected}, as the file is called`);
  if (bundledThemes.some(({ name }) => name === theme.name)) {
    throw new UsageError(`${path}: name: expected another one, for ${theme.name} is a theme of SCRAP itself`);
  }
  return theme;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path}: ${reason}`, { cause: error });
  }
}
