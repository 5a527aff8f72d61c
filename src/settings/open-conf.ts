import ConfFile from "conf";
import { settingsSchema } from "./schema.ts";

export type Conf = ConfFile<Record<string, unknown>>;

export function openConf(folder: string): Conf {
  return new ConfFile<Record<string, unknown>>({
    cwd: folder,
    configName: "settings",
    configFileMode: 0o600,
    // A setting that is wrong is told, never thrown away.
    clearInvalidConfig: false,
    schema: settingsSchema,
    rootSchema: { additionalProperties: false },
  });
}
