import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type { Files } from "../src/command/command.ts";
import {
  isHarmlessIpv4,
  isHarmlessIpv6,
  isHarmlessMac,
  toIpv4,
  toIpv6,
  toMac,
} from "./stand-in-addresses.ts";

/** Puts something as long in the place of all that tells whose host it was, the same everywhere. */
export interface StandIns {
  readonly replace: (text: string) => string;
  /** What must not be in a recording any more. */
  readonly originals: readonly string[];
  /** What was put there instead. */
  readonly standIns: ReadonlySet<string>;
}

/** What a host knows about itself that no recording may tell. */
export const identifyingFiles: Files = {
  files: [
    "/etc/machine-id",
    "/etc/passwd",
    "/proc/sys/kernel/hostname",
    "/proc/sys/kernel/random/boot_id",
    "/sys/block/*/device/serial",
    "/sys/block/*/device/wwid",
    "/sys/block/*/wwid",
    "/sys/class/dmi/id/*_serial",
    "/sys/class/dmi/id/product_uuid",
    "/sys/class/nvme/*/serial",
  ],
};

/** Names of the lab: they are stand-ins already. */
const fictional = new Set(
  "root alice ops pw guest fishy nobody localhost vps1 vps2 nas pi store rack shed debian linux".split(" "),
);

/** GPT partition types: the same on every disk of the world. */
const wellKnown = new Set([
  "0fc63daf-8483-4772-8e79-3d69d8477de4",
  "c12a7328-f81f-11d2-ba4b-00c04fc93ec9",
  "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f",
  "a19d880f-05fc-4d3b-a006-743f0f84911e",
  "e6d6d379-f507-44c2-a23c-238f2a3df928",
  "21686148-6449-6e6f-744e-656564454649",
  "00000000-0000-0000-0000-000000000000",
]);

const ipv4 = /(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)/g;
const ipv6 = /(?<![\w:.])[\da-fA-F]{0,4}(?::[\da-fA-F]{0,4}){2,8}(?![\w:.])/g;
const mac = /(?<![\w:])[\da-fA-F]{2}(?::[\da-fA-F]{2}){5}(?![\w:])/g;
const uuid = /(?<![\w-])[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}(?![\w-])/g;
const mdUuid = /(?<![\w:])[\da-f]{8}(?::[\da-f]{8}){3}(?![\w:])/g;
const serials = [
  /"(?:serial|serial_number|wwn|logical_unit_id|ptuuid|partuuid)"\s*:\s*"([^"]+)"/gi,
  /^(?:ups|device)\.serial: (.+)$/gm,
  /^SERIALNO\s*: (\S+)/gm,
];
/** smartctl has the numbers of a WWN one by one. */
const numbers = /"(?:id|ext_id|oui)"\s*:\s*(\d{6,})/g;

export function standInsFor(
  host: string,
  identity: ReadonlyMap<string, string>,
  texts: readonly string[],
): StandIns {
  const found = new Map<string, string>();
  const put = (original: string, toStandIn: (original: string) => string) => {
    const word = original.trim();
    if (word.length < 2 || fictional.has(word) || found.has(word)) return;
    const standIn = toStandIn(word);
    found.set(word, standIn);
    if (word.toLowerCase() !== word) found.set(word.toLowerCase(), standIn.toLowerCase());
  };
  const names = [host, identity.get("/proc/sys/kernel/hostname") ?? ""];
  for (const name of names) put(name.replace(/^.*@/, ""), (word) => named("host", word));
  for (const [name = "", , uid = "", , fullName = ""] of [...lines(identity.get("/etc/passwd"))].map((line) =>
    line.split(":"),
  ))
    if (Number(uid) >= 1000)
      for (const word of [name, ...fullName.split(/[\s,]+/)]) put(word, () => named("user", word));
  for (const [path, text] of identity) {
    if (path === "/etc/passwd" || path === "/proc/sys/kernel/hostname") continue;
    for (const word of text.split(/\s+/).filter(isSerial)) {
      put(word, disguise);
      put(word.replaceAll("-", ""), () => disguise(word).replaceAll("-", ""));
    }
  }
  for (const text of texts) {
    for (const word of matches(text, uuid)) if (!wellKnown.has(word.toLowerCase())) put(word, disguise);
    for (const word of matches(text, mdUuid)) put(word, disguise);
    for (const pattern of serials)
      for (const word of matches(text, pattern).filter(isSerial)) put(word, disguise);
    for (const word of matches(text, numbers)) if (/"(?:wwn|eui64)"/.test(text)) put(word, disguise);
    for (const word of matches(text, mac)) if (!isHarmlessMac(word)) put(word, () => toMac(digest(word)));
    const taken = () => new Set(found.values());
    for (const word of matches(text, ipv4)) if (!isHarmlessIpv4(word)) put(word, () => toIpv4(word, taken()));
    for (const word of matches(text, ipv6))
      if (isIPv6(word) && !isHarmlessIpv6(word)) put(word, () => toIpv6(word, digest(word)));
  }
  const originals = [...found.keys()].sort((a, b) => b.length - a.length);
  const anyOf = new RegExp(`(?<![A-Za-z0-9])(?:${originals.map(literal).join("|")})(?![A-Za-z0-9])`, "g");
  return {
    originals,
    standIns: new Set(found.values()),
    replace: (text) =>
      originals.length === 0 ? text : text.replace(anyOf, (word) => found.get(word) ?? word),
  };
}

/** What of a person's host a text still tells. Looks more coarsely than `replace` does. */
export function leftovers(text: string, { originals, standIns }: StandIns): string[] {
  const lower = text.toLowerCase();
  return [
    ...originals.filter(
      (word) => word.length >= 6 && !standIns.has(word) && lower.includes(word.toLowerCase()),
    ),
    ...matches(text, ipv4).filter((word) => !isHarmlessIpv4(word) && !standIns.has(word)),
    ...matches(text, ipv6).filter((word) => isIPv6(word) && !isHarmlessIpv6(word) && !standIns.has(word)),
    ...matches(text, mac).filter((word) => !isHarmlessMac(word)),
  ];
}

const lines = (text = "") => text.split("\n").filter((line) => line !== "");
const matches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([all, word]) => word ?? all);
const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
const isSerial = (word: string) => word.length >= 4 && /\d/.test(word) && !/^0+$/.test(word);
const digest = (text: string) => createHash("sha256").update(text).digest();

/** A digit for a digit, a letter for a letter, and hex stays hex. What says which kind of number it is stays. */
function disguise(word: string): string {
  const kept = /^(0x.|naa\.|eui\.|t10\.|nvme\.|uuid\.)?/i.exec(word)?.[0] ?? "";
  const noise = digest(word);
  const from = (alphabet: string, at: number) =>
    alphabet[(noise[at % noise.length] ?? 0) % alphabet.length] ?? "";
  return (
    kept +
    word.slice(kept.length).replace(/[1-9a-zA-Z]/g, (letter, at: number) => {
      if (/\d/.test(letter)) return from("123456789", at);
      const [hex, rest] = /[a-z]/.test(letter)
        ? ["abcdef", "ghjkmnpqrstuvwxyz"]
        : ["ABCDEF", "GHJKMNPQRSTUVWXYZ"];
      return from(/[a-f]/i.test(letter) ? hex : rest, at);
    })
  );
}

const named = (kind: string, word: string) => {
  const prefix = kind.slice(0, Math.max(0, word.length - 2));
  return prefix + disguise(word.slice(prefix.length).replace(/[^a-zA-Z0-9]/g, "x"));
};
