import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Where to look for the inventory. */
export interface PlaceOptions {
  /** What `--inventory` says. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `~` is. */
  readonly home: string;
}

/** The one that is named, whether it is there or not, or that at the usual place. Undefined when there is none. */
export async function inventoryFile(options: PlaceOptions): Promise<string | undefined> {
  const named = namedFile(options);
  if (named !== undefined) return resolve(named);
  const usual = inventoryPath(options.env, options.home);
  return (await stat(usual).catch(() => undefined)) === undefined ? undefined : usual;
}

function namedFile({ file, env: { SCRAP_INVENTORY } }: PlaceOptions): string | undefined {
  return file ?? (SCRAP_INVENTORY || undefined);
}

/** `$XDG_CONFIG_HOME/scrap/inventory.yaml`. A relative XDG_CONFIG_HOME is ignored, as its specification wants. */
export function inventoryPath(env: PlaceOptions["env"], home: string): string {
  const { XDG_CONFIG_HOME } = env;
  const base = XDG_CONFIG_HOME?.startsWith("/") ? XDG_CONFIG_HOME : join(home, ".config");
  return join(base, "scrap", "inventory.yaml");
}
