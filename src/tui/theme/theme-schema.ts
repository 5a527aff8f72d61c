import * as z from "zod/mini";
import { type Colour, colourNames, flags, type HexColour, type Theme, type Token, tokens } from "./tokens.ts";

/** What is wrong with a file, one line an issue: the field, and what is expected there. */
export type Checked = { readonly theme: Theme } | { readonly issues: readonly string[] };

export function checkTheme(value: unknown): Checked {
  const result = themeSchema.safeParse(value);
  if (result.success) return { theme: result.data };
  return { issues: result.error.issues.flatMap(toLines) };
}

function toLines(issue: z.core.$ZodIssue): readonly string[] {
  const keys = issue.code === "unrecognized_keys" ? issue.keys : [undefined];
  return keys.map((key) => {
    const field = [...issue.path, ...(key === undefined ? [] : [key])].join(".");
    return `${field === "" ? "" : `${field}: `}expected ${issue.message}`;
  });
}

/** Exactly these fields, and whoever writes another one is told what there is. */
function fields<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape).join(", ");
  const error = ({ code }: { readonly code: string }) =>
    code === "unrecognized_keys" ? `one of ${names}` : `an object with some of ${names}`;
  return z.strictObject(shape, { error });
}

const hexColour = z.custom<HexColour>(isHexColour, "a colour as #rrggbb");
const colour = z.custom<Colour>(
  (value) => isHexColour(value) || colourNames.some((name) => name === value),
  `a colour: #rrggbb or one of ${colourNames.join(", ")}`,
);
const flag = z.boolean("true or false");
const style = fields({
  color: z.optional(colour),
  background: z.optional(colour),
  ...(Object.fromEntries(flags.map((name) => [name, z.optional(flag)])) as Record<
    (typeof flags)[number],
    z.ZodMiniOptional<typeof flag>
  >),
});
const styles = fields(
  Object.fromEntries(tokens.map((token) => [token, z.optional(style)])) as Record<
    Token,
    z.ZodMiniOptional<typeof style>
  >,
);
const themeSchema = fields({
  name: text(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a name of small letters, digits and hyphens"),
  title: text(/^\P{C}{1,60}$/u, "a text of at most 60 characters on one line"),
  background: z.optional(hexColour),
  styles,
  styles16: z.optional(styles),
});

function text(pattern: RegExp, expected: string) {
  return z.string(expected).check(z.regex(pattern, expected));
}

function isHexColour(value: unknown): value is HexColour {
  return typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);
}
