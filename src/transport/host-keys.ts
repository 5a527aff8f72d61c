import { createHash } from "node:crypto";
import { UnreachableError } from "../errors.ts";
import type { KnownKey } from "./known-keys.ts";

export type HostKeyVerdict =
  | { readonly verdict: "known"; readonly by: KnownKey }
  | { readonly verdict: "revoked"; readonly by: KnownKey }
  | { readonly verdict: "changed"; readonly by: KnownKey }
  | { readonly verdict: "unknown" };

/** A key that a server shows, as a client tells it. */
export interface ShownKey {
  readonly type: string;
  readonly fingerprint: string;
}

/** Never says "known" of a key that is in no file. */
export function judgeHostKey(shown: ShownKey, known: readonly KnownKey[]): HostKeyVerdict {
  const same = known.filter(({ key }) => fingerprintOf(key) === shown.fingerprint);
  const revoked = same.find(({ marker }) => marker === "revoked");
  if (revoked) return { verdict: "revoked", by: revoked };
  const plain = same.find(({ marker }) => marker === "plain");
  if (plain) return { verdict: "known", by: plain };
  const others = known.filter(({ marker, withoutPort }) => marker === "plain" && !withoutPort);
  const other = others.find(({ type }) => type === shown.type) ?? others[0];
  return other ? { verdict: "changed", by: other } : { verdict: "unknown" };
}

export const toShownKey = (key: Buffer): ShownKey => ({ type: typeOf(key), fingerprint: fingerprintOf(key) });

/** The first string of a public key is its type (RFC 4253, 6.6). */
function typeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.toString("latin1", 4, 4 + Math.min(length, 100));
}

/** As OpenSSH prints it. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;

/** Why the key was not accepted, and what to do. `reach` is the ssh command line that would ask the user about it. */
export function hostKeyError(
  host: string,
  { type, fingerprint }: ShownKey,
  { verdict, ...rest }: Exclude<HostKeyVerdict, { verdict: "known" }>,
  { reach, authorityOnly }: { readonly reach: string; readonly authorityOnly: boolean },
): UnreachableError {
  const shown = `${type} ${fingerprint}`;
  const by = "by" in rest ? rest.by : undefined;
  if (verdict === "revoked") {
    return new UnreachableError(
      "host-key",
      `The host key of ${host} (${shown}) is revoked in ${by?.where}.`,
      {
        hint: "Do not connect. Somebody may hold that key who is not the host.",
      },
    );
  }
  if (by) {
    const known = `${by.type} ${fingerprintOf(by.key)}`;
    const compare = by.isPinned
      ? `compare it there (ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub) and write it into hostKey of ${by.where}`
      : `delete line ${by.where} and compare the fingerprint when you run: ${reach}`;
    return new UnreachableError(
      "host-key",
      `The host key of ${host} has changed: it shows ${shown}, and ${by.where} has ${known}.`,
      { hint: `Find out why. If the host has a new key indeed, ${compare}` },
    );
  }
  if (authorityOnly) {
    return new UnreachableError(
      "host-key",
      `The host key of ${host} (${shown}) is vouched for by a certificate authority only, which the built-in client cannot check.`,
      { hint: "Leave out `transport: ssh2`: then your own ssh is used." },
    );
  }
  return new UnreachableError("host-key", `The host key of ${host} is unknown: ${shown}.`, {
    hint: `Compare that fingerprint with the host's own (there: ssh-keygen -lf FILE of /etc/ssh/ssh_host_*_key.pub), then run: ${reach}`,
  });
}

// RSA keys sign with three algorithms; SHA-1 is left out, as OpenSSH does since 8.8.
const algorithmsOf = (type: string): readonly string[] =>
  type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type];

const supported = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
] as const;

/**
 * Those we know a key for go first: else the server shows us another key of its, and it looks changed. The others
 * stay, so that a host with a new kind of key is told from one that speaks no algorithm of ours.
 */
export function orderHostKeyAlgorithms(
  known: readonly KnownKey[],
  configured: string | undefined,
): (typeof supported)[number][] {
  const preferred = known
    .filter(({ marker }) => marker === "plain")
    .flatMap(({ type }) => algorithmsOf(type));
  const allowed = configured?.split(",");
  const usable = supported.filter((algorithm) => allowed === undefined || allowed.includes(algorithm));
  return [
    ...usable.filter((algorithm) => preferred.includes(algorithm)),
    ...usable.filter((algorithm) => !preferred.includes(algorithm)),
  ];
}
