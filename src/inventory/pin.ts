import { InventoryError } from "../errors.ts";
import { findInLines, findInUnit } from "./pin-in-lines.ts";
import { findInYaml } from "./pin-in-yaml.ts";

/** A value of a file, as it stands there. */
export interface WrittenValue {
  /** Without its quotes. */
  readonly value: string;
  /** Where the value begins, behind its quote, in UTF-16 units of the text. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** Plain in YAML, where 1.10 would be the number 1.1. */
  readonly isBare: boolean;
}

/** Where a version is pinned, to the character. */
export interface Pin {
  /** Absolute. */
  readonly file: string;
  /** `web_version`, `services.web.image`, `Image=`: for people. */
  readonly field: string;
  readonly line: number;
  readonly version: string;
  /** The image whose tag it is, without the tag. */
  readonly image?: string;
  readonly offset: number;
  /** What has to be written for that version: exactly this text takes the place of `version`. */
  readonly write: (version: string) => string;
}

/**
 * Finds the version in the text of a file: the value of a variable in YAML (dotted), in lines of `KEY=value`, or the
 * `Image=` of a quadlet. Throws `InventoryError` with file and field where there is none, or more than one.
 */
export function findPin(file: string, text: string, variable?: string): Pin {
  const field = variable ?? (isQuadlet(file) ? "Image" : undefined);
  if (text.startsWith("$ANSIBLE_VAULT;"))
    throw new InventoryError(`${file} is encrypted: no version can be changed in it.`, {
      hint: "Keep the version in a file beside it.",
    });
  if (field === undefined)
    throw new InventoryError(`${file}: nobody said which variable of it holds the version.`, {
      hint: "Say so in the inventory: version: { in: FILE#variable }",
    });
  return toPin(file, field, text, findValue(file, text, field));
}

function findValue(file: string, text: string, field: string): WrittenValue {
  if (isQuadlet(file)) return findInUnit(file, text, field);
  const isLines = /(^|\/)[^/]*\.?(env|ini|cfg|conf|toml|properties|mk|tf|tfvars)$/.test(file);
  const isYaml = /\.(ya?ml|json)(\.j2)?$/.test(file);
  return !isYaml && (isLines || hasLine(text, field))
    ? findInLines(file, text, field)
    : findInYaml(file, text, field.split("."));
}

export const isQuadlet = (file: string): boolean => /\.(container|pod|kube|image|build)$/.test(file);

const hasLine = (text: string, key: string): boolean =>
  text.split("\n").some(
    (line) =>
      line
        .replace(/^\s*(export\s+)?/, "")
        .split("=")[0]
        ?.trim() === key,
  );

/** What a registry takes for a tag: safe between any quotes. */
export const isTag = (text: string): boolean => /^\w[\w.+-]{0,127}$/.test(text);

function toPin(file: string, field: string, text: string, found: WrittenValue): Pin {
  const { value, line } = found;
  const wrong = (why: string, hint?: string) =>
    new InventoryError(`${file}:${line}: ${field}: ${why}`, { hint });
  if (/\$|\{\{|\{%/.test(value))
    throw wrong(`${value} is filled in from elsewhere.`, "Name that place: version: { in: FILE#variable }");
  if (value.includes("@")) throw wrong(`${value} is held by a digest, not by a version.`);
  const { image, tag, tagAt } = splitImage(value);
  if (tag === "")
    throw wrong(`${value === "" ? "it is empty" : `${value} has no version`}.`, "Write image:version.");
  if (!isTag(tag)) throw wrong(`${tag} is no version.`);
  const pin = { file, field, line, version: tag, offset: found.offset + tagAt };
  if (image !== undefined) return { ...pin, image, write: (version) => version };
  if (text.slice(pin.offset, pin.offset + tag.length) !== tag) throw wrong("it is written with escapes.");
  return { ...pin, write: (version) => (found.isBare && isNumber(version) ? `"${version}"` : version) };
}

/** What YAML, and whoever reads it, would take for a number and lose a 0 of, or for a date. */
const isNumber = (text: string) =>
  (/^[\d.][\d._eE]*$|^0[xob]/.test(text) && `${Number(text)}` !== text && text.split(".").length < 3) ||
  /^\d{4}-\d\d?-\d\d?$/.test(text);

/** `registry:5000/web:1` is the image `registry:5000/web` with the tag 1; `1.2` is a version alone. */
function splitImage(value: string): {
  readonly image?: string;
  readonly tag: string;
  readonly tagAt: number;
} {
  const name = value.lastIndexOf("/") + 1;
  const colon = value.indexOf(":", name);
  if (colon >= 0) return { image: value.slice(0, colon), tag: value.slice(colon + 1), tagAt: colon + 1 };
  if (name > 0) return { image: value, tag: "", tagAt: value.length };
  return { tag: value, tagAt: 0 };
}
