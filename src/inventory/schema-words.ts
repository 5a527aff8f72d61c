import * as z from "zod/mini";
import { durationPattern, parseDuration, parseSize, sizePattern } from "./quantities.ts";

/** Of hosts, groups, services and all else that is named here. Never begins with `-`, so that no tool takes it for an option. */
export const namePattern = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,252}$/u;

const nameRule = "a name of letters, digits, `_`, `.` and `-`, not `-` or `.` first";

/** `all` means all hosts. */
export const isHostName = (text: string): boolean => text !== "all" && namePattern.test(text);

/** The text must match; `expected` is what the user is told otherwise. */
const word = (pattern: RegExp, expected: string) =>
  z.string({ error: expected }).check(z.regex(pattern, { error: expected }));

export const name = word(namePattern, nameRule);

/** The name of something that stands elsewhere in the file: `nameOf("a host")`. */
export const nameOf = (thing: string) => word(namePattern, `the name of ${thing}`);

export const hostName = name.check(
  z.regex(/^(?!all$)/, { error: "another name, because `all` means all hosts" }),
);

/** What nobody may hide anything in: no control characters, no changes of writing direction. */
export const text = word(/^[^\p{Cc}\p{Cf}\u2028\u2029]+$/u, "text without control characters");

/** A word that goes to a command as its operand. */
export const operand = word(
  /^[^\p{Cc}\p{Cf}\u2028\u2029-][^\p{Cc}\p{Cf}\u2028\u2029]*$/u,
  "text that does not begin with `-`",
);

export const address = word(
  /^[\p{L}\p{N}_:[][\p{L}\p{N}_.:%[\]-]{0,252}$/u,
  "a host name or an IP address (the user goes into `user`, the port into `port`)",
);

export const userName = word(/^[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?$/, "the name of a user");

export const absolutePath = word(
  /^\/[^\p{Cc}\p{Cf}\u2028\u2029]*$/u,
  "a path on the host that begins with `/`",
);

export const duration = z.pipe(
  word(durationPattern, "a duration such as 90s, 15m, 1h30m or 3d"),
  z.transform(parseDuration),
);

export const size = z.pipe(word(sizePattern, "a size such as 512M or 1.5G"), z.transform(parseSize));

const portRule = "a port from 1 to 65535";
export const port = z
  .number({ error: portRule })
  .check(
    z.int({ error: portRule }),
    z.minimum(1, { error: portRule }),
    z.maximum(65535, { error: portRule }),
  );

/** A whole number, at least `least`. */
export const count = (least = 0) => {
  const rule = `a whole number, ${least} or more`;
  return z.number({ error: rule }).check(z.int({ error: rule }), z.minimum(least, { error: rule }));
};

export const flag = z.boolean({ error: "true or false" });

export const argv = z
  .array(word(/^[^\0]*$/, "text"), { error: "a list of words: [program, argument, …]" })
  .check(
    z.refine((words) => words[0] !== undefined && words[0] !== "" && !words[0].startsWith("-"), {
      error: "a list of words that begins with a program",
    }),
  );

export const url = z.string({ error: "an http or https URL" }).check(
  z.refine((value) => /^https?:\/\/[^\s\p{C}]+$/u.test(value) && URL.canParse(value), {
    error: "an http or https URL",
  }),
);

const feedRule = "an https, http or file URL";
export const feedUrl = z.string({ error: feedRule }).check(
  z.refine((value) => /^(https?:\/\/|file:\/\/\/)[^\s\p{C}]+$/u.test(value) && URL.canParse(value), {
    error: feedRule,
  }),
);

const secretSchemes = "pass: age: sops: env: cmd: vault: file:";

const secretPattern = /^(?:pass|age|sops|env|cmd|vault|file):[^\p{Cc}\p{Cf}-][^\p{Cc}\p{Cf}]*$/u;

/** A reference to a secret. What stands there instead is never repeated, because it may be the secret itself. */
export const secret = z
  .string({ error: `where the secret is kept (${secretSchemes})` })
  .check(
    z.check(({ value, issues }) => {
      if (secretPattern.test(value)) return;
      issues.push({
        code: "custom",
        input: value,
        params: { whole: true },
        message: `expected where the secret is kept, never the secret itself: one of ${secretSchemes}, such as pass:lab/nas`,
      });
    }),
  )
  .register(z.globalRegistry, { pattern: secretPattern.source });

export const choice = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: toChoice(words) });

function toChoice(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

export const list = <Item extends z.core.SomeType>(item: Item) => z.array(item, { error: "a list" });
