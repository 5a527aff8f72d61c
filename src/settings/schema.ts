/** The format of the settings file, for `conf`: JSON Schema. What is not set has its value from `defaultSettings`. */
export const settingsSchema = {
  watch: {
    type: "object",
    additionalProperties: false,
    properties: {
      refreshSeconds: {
        type: "number",
        minimum: 1,
        maximum: 3600,
        description:
          "The least time, in seconds, before `status --watch` asks a question again; what changes slowly is asked more rarely",
      },
    },
  },
} as const;

export const defaultSettings = {
  "watch.refreshSeconds": 5,
} as const;

export type SettingKey = keyof typeof defaultSettings;

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(defaultSettings, key);

/** What may be set there, for people. */
export function describeSetting(key: SettingKey): string {
  const expected: Readonly<Record<SettingKey, string>> = {
    "watch.refreshSeconds": "a number from 1 to 3600",
  };
  return expected[key];
}
