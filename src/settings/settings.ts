import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.ts";
import type { Conf } from "./open-conf.ts";
import {
  defaultSettings,
  describeSetting,
  isSettingKey,
  type SettingKey,
  type SettingValues,
} from "./schema.ts";

/** What the user prefers. */
export interface Settings {
  readonly path: string;
  readonly watchRefreshSeconds: number;
  readonly get: <Key extends SettingKey>(key: Key) => SettingValues[Key];
  /** Every setting with its value, set or not. */
  readonly list: () => readonly (readonly [key: string, value: unknown])[];
  readonly put: <Key extends SettingKey>(key: Key, value: SettingValues[Key]) => Promise<void>;
  /** As `put`, with the value as it was typed: objects as JSON. Rejects with `UsageError` for an unknown key or a value that does not fit. */
  readonly set: (key: string, value: string) => Promise<void>;
}

/**
 * `$XDG_CONFIG_HOME/scrap/settings.json`. It is there once something was set. Rejects with `UsageError`, with file and field, for
 * a file that is wrong or that others can change.
 */
export async function openSettings(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): Promise<Settings> {
  const { XDG_CONFIG_HOME } = env;
  const base = XDG_CONFIG_HOME?.startsWith("/") ? XDG_CONFIG_HOME : join(home, ".config");
  const path = join(base, "scrap", "settings.json");
  // Large, and most people have set nothing.
  const open = async (): Promise<Conf> => {
    const { openConf } = await import("./open-conf.ts");
    return explained(path, () => openConf(dirname(path)));
  };
  // conf makes the folder when it opens, and who only reads should leave nothing behind.
  let conf = isOurs(path) ? await open() : undefined;
  const get = <Key extends SettingKey>(key: Key) =>
    (conf?.get(key) ?? defaultSettings[key]) as SettingValues[Key];
  const put = async (key: SettingKey, value: unknown) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const opened = conf ?? (await open());
    explained(path, () => opened.set(key, value), `${key} takes ${describeSetting(key)}`);
    conf = opened;
  };
  return {
    path,
    get watchRefreshSeconds() {
      return get("watch.refreshSeconds");
    },
    get,
    list: () =>
      Object.keys(defaultSettings)
        .filter(isSettingKey)
        .map((key) => [key, get(key)] as const),
    put,
    set: async (key, value) => {
      if (!isSettingKey(key)) {
        throw new UsageError(
          `There is no setting ${key}; there are ${Object.keys(defaultSettings).join(", ")}`,
        );
      }
      await put(key, toValue(key, value));
    },
  };
}

function toValue(key: SettingKey, text: string): unknown {
  switch (typeof defaultSettings[key]) {
    case "boolean":
      return text === "true" || (text === "false" ? false : text);
    case "number":
      return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
    case "object":
      return readJson(text);
    default:
      return text;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema then says what is expected.
    return text;
  }
}

/** What conf says, with the file before it. It names the field itself. */
function explained<Result>(path: string, act: () => Result, hint?: string): Result {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`${path}: ${error.message}`, { cause: error, hint });
  }
}

/** False when there is none. Throws `UsageError` for one that others can change. */
function isOurs(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  const owner = process.getuid?.();
  if (owner !== undefined && found.uid !== owner && found.uid !== 0) {
    throw new UsageError(`${path}: belongs to another user (uid ${found.uid}), who can change it`);
  }
  if ((found.mode & 0o022) !== 0) {
    throw new UsageError(`${path}: other users can change it`, { hint: `chmod go-w ${path}` });
  }
  return true;
}
