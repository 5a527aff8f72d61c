import { readFile } from "node:fs/promises";
import ssh2, { type BaseAgent, type ParsedKey } from "ssh2";
import { unlock } from "./locked-key.ts";
import type { AskSecret } from "./secrets.ts";

/** The private keys that were needed so far. Each is read, and its passphrase asked for, once. */
export interface KeyRing {
  /** `skipped` is why the key cannot be used, in the user's words; empty when there is no such file. */
  readonly load: (file: string, host: string) => Promise<LoadedKey>;
}

type LoadedKey = { readonly key: ParsedKey } | { readonly agent: BaseAgent } | { readonly skipped: string };

export function createKeyRing(askSecret?: AskSecret): KeyRing {
  const loaded = new Map<string, Promise<LoadedKey>>();
  return {
    load: (file, host) => {
      const key = loaded.get(file) ?? loadKey(file, host, askSecret);
      loaded.set(file, key);
      return key;
    },
  };
}

async function loadKey(file: string, host: string, askSecret: AskSecret | undefined): Promise<LoadedKey> {
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => error.code ?? "unreadable");
  if (typeof content === "string") return { skipped: content === "ENOENT" ? "" : content };
  if (file.endsWith(".pub")) return { skipped: "its private half is in no agent" };
  try {
    if (!isEncrypted(content)) return toKey(content);
    const passphrase = await askSecret?.({ host, kind: "passphrase", of: file });
    if (!passphrase) return { skipped: "it has a passphrase; add it to your agent: ssh-add" };
    try {
      const agent = await unlock(content, passphrase);
      return agent ? { agent } : { skipped: "the passphrase is wrong" };
    } finally {
      passphrase.fill(0);
    }
  } finally {
    content.fill(0);
  }
}

function toKey(content: Buffer): LoadedKey {
  const parsed = ssh2.utils.parseKey(content);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return key === undefined || key instanceof Error
    ? { skipped: "the built-in client cannot read it" }
    : { key };
}

/** PEM says so in its head; OpenSSH's own format names the cipher behind its magic word (PROTOCOL.key). */
function isEncrypted(content: Buffer): boolean {
  const text = content.toString("latin1");
  const [, body] = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-/.exec(text) ?? [];
  if (body === undefined) return /ENCRYPTED/.test(text.slice(0, 500));
  const bytes = Buffer.from(body, "base64");
  const nameAt = "openssh-key-v1\0".length + 4;
  const isPlain =
    bytes.length > nameAt &&
    bytes.toString("latin1", nameAt, nameAt + bytes.readUInt32BE(nameAt - 4)) === "none";
  bytes.fill(0);
  return !isPlain;
}
