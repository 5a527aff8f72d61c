import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { UsageError } from "../errors.ts";
import type { SecretReference } from "../inventory/host.ts";

/** What a person can be asked for. */
export interface SecretRequest {
  readonly host: string;
  readonly kind: "passphrase" | "become-password";
  /** Of what: the file of the key, or `sudo`. */
  readonly of: string;
}

/** Resolves with undefined when the person does not want to say. The transport overwrites the buffer after its use. */
export type AskSecret = (request: SecretRequest) => Promise<Buffer | undefined>;

/** The first line of what the reference names. Throws `UsageError`; the secret is never part of its text. */
export async function resolveSecret(reference: SecretReference): Promise<Buffer> {
  const [kind = "", ...rest] = reference.split(":");
  const name = rest.join(":");
  if (kind === "env") {
    const value = process.env[name];
    if (value === undefined) throw new UsageError(`The secret env:${name}: there is no such variable.`);
    return firstLine(Buffer.from(value));
  }
  if (kind === "file") {
    const content = await readFile(name).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`The secret ${reference} cannot be read: ${error.code}.`);
    });
    return firstLine(content);
  }
  if (kind === "cmd") return runForSecret(reference, name.split(" ").filter(Boolean));
  if (kind === "pass") return runForSecret(reference, ["pass", "show", name]);
  throw new UsageError(`The secret ${reference} is of no known kind: env, file, cmd or pass.`);
}

async function runForSecret(
  reference: SecretReference,
  [program = "", ...args]: readonly string[],
): Promise<Buffer> {
  const { exitCode, stdout } = await execa(program, args, {
    reject: false,
    encoding: "buffer",
    stdin: "ignore",
    stderr: "ignore",
    timeout: 60_000,
  });
  if (exitCode !== 0)
    throw new UsageError(`The secret ${reference}: ${program} ended with ${exitCode ?? "no exit code"}.`);
  return firstLine(Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength));
}

/** A copy of the first line; the rest is overwritten. */
function firstLine(content: Buffer): Buffer {
  const end = content.indexOf("\n");
  const line = Buffer.from(end < 0 ? content : content.subarray(0, end));
  content.fill(0);
  return line;
}
