import { UsageError } from "../errors.ts";

export const formats = ["table", "json", "yaml", "name"] as const;
export type Format = (typeof formats)[number];

/** `wide` is a table with every column, however wide the screen is. */
export const outputs = [...formats, "wide"] as const;

/** What `-o` and `--json` say. */
export interface FormatOptions {
  readonly output?: string;
  readonly json?: boolean;
}

export function toFormat({ output, json }: FormatOptions): Format {
  const word = json ? "json" : (output ?? "table");
  const format = word === "wide" ? "table" : formats.find((name) => name === word);
  if (format) return format;
  throw new UsageError(`There is no output format "${word}".`, {
    hint: `Formats are: ${outputs.join(", ")}.`,
  });
}

/** A document as JSON or YAML, with dates as RFC 3339. */
export async function printDocument(document: object, format: "json" | "yaml"): Promise<string> {
  const plain: unknown = JSON.parse(JSON.stringify(document));
  if (format === "json") return JSON.stringify(plain, null, 2);
  const { toYaml } = await import("./yaml.ts");
  return toYaml(plain);
}
