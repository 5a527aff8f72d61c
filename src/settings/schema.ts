/** What each setting holds. */
export interface SettingValues {
  readonly theme: string;
  readonly graphs: "auto" | "braille" | "block" | "ascii";
  readonly defaultScreen: (typeof screens)[number];
  /** For each screen the titles of its columns, in their order. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly units: "iec" | "si";
  readonly readOnly: boolean;
  readonly mouse: boolean;
  /** For each action its keys, instead of the default ones. */
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
  readonly "watch.refreshSeconds": number;
}

export type SettingKey = keyof SettingValues;

const screens = ["fleet", "services", "workloads", "storage", "power", "backups", "activity"] as const;
const graphs = ["auto", "braille", "block", "ascii"] as const;
const units = ["iec", "si"] as const;
const words = { type: "array", items: { type: "string" } } as const;

/** The format of the settings file, for `conf`: JSON Schema. What is not set has its value from `defaultSettings`. */
export const settingsSchema = {
  theme: {
    type: "string",
    pattern: "^[a-z0-9][a-z0-9-]{0,63}$",
    description: "The colours: the name of a theme",
  },
  graphs: { enum: graphs, description: "What graphs are drawn with; auto is what the terminal can show" },
  defaultScreen: { enum: screens, description: "The screen that is open at the start" },
  columns: {
    type: "object",
    propertyNames: { enum: screens },
    additionalProperties: { ...words, minItems: 1 },
    description: "For each screen the titles of the columns to show",
  },
  units: { enum: units, description: "iec counts sizes in 1024 (GiB), si in 1000 (GB)" },
  readOnly: { type: "boolean", description: "Nothing can be changed from the screen" },
  mouse: {
    type: "boolean",
    description: "The mouse works in the program; selecting text is then harder",
  },
  keys: {
    type: "object",
    additionalProperties: { anyOf: [{ type: "string" }, words] },
    description: "For each action its keys instead of the default ones",
  },
  watch: {
    type: "object",
    additionalProperties: false,
    properties: {
      refreshSeconds: {
        type: "number",
        minimum: 1,
        maximum: 3600,
        description:
          "The least time, in seconds, before the screen and `status --watch` ask a question again; what changes slowly is asked more rarely",
      },
    },
  },
} as const;

export const defaultSettings: SettingValues = {
  theme: "default",
  graphs: "auto",
  defaultScreen: "fleet",
  columns: {},
  units: "iec",
  readOnly: true,
  mouse: false,
  keys: {},
  "watch.refreshSeconds": 5,
};

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(defaultSettings, key);

/** What may be set there, for people. */
export function describeSetting(key: SettingKey): string {
  const expected: Readonly<Record<SettingKey, string>> = {
    theme: "the name of a theme",
    graphs: graphs.join(", "),
    defaultScreen: screens.join(", "),
    columns: `JSON such as {"fleet":["HOST","LOAD"]}`,
    units: units.join(", "),
    readOnly: "true, false",
    mouse: "true, false",
    keys: `JSON such as {"move.down":["j","down"]}`,
    "watch.refreshSeconds": "a number from 1 to 3600",
  };
  return expected[key];
}
