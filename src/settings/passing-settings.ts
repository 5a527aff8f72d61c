import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSettings, type Settings } from "./settings.ts";

/** The user's settings as they are now; what is set is forgotten with this process. For who tries something out. */
export async function openPassingSettings(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): Promise<Settings> {
  const { path } = await openSettings(env, home);
  const folder = mkdtempSync(join(tmpdir(), "scrap-settings-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  if (existsSync(path)) {
    mkdirSync(join(folder, "scrap"), { mode: 0o700 });
    copyFileSync(path, join(folder, "scrap", "settings.json"));
  }
  // Themes of the user lie beside their own.
  return { ...(await openSettings({ XDG_CONFIG_HOME: folder }, home)), path };
}
