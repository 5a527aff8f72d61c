import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { InventoryError } from "../errors.ts";

const maxBytes = 1024 * 1024;

/**
 * The text of a file that says which hosts we talk to, and as whom. Rejects with `InventoryError` when it is not there,
 * when somebody else could have written it, above 1 MiB, and when it is not UTF-8.
 */
export async function readTrusted(file: string): Promise<string> {
  const handle = await openForReading(file);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new InventoryError(`${file}: expected a file`);
    const owner = process.getuid?.();
    if (owner !== undefined && found.uid !== owner && found.uid !== 0) {
      throw new InventoryError(`${file}: belongs to another user (uid ${found.uid}), who can change it`, {
        hint: `chown ${owner} ${quotePath(file)}`,
      });
    }
    if ((found.mode & 0o022) !== 0) {
      const mode = (found.mode & 0o777).toString(8).padStart(4, "0");
      throw new InventoryError(`${file}: other users can change it (mode ${mode})`, {
        hint: `chmod go-w ${quotePath(file)}`,
      });
    }
    if (found.size > maxBytes) {
      throw new InventoryError(`${file}: ${found.size} bytes, expected at most ${maxBytes} (1 MiB)`);
    }
    await refuseOpenFolder(file);
    const bytes = await handle.readFile();
    return decode(bytes, file);
  } finally {
    await handle.close();
  }
}

/** Where anybody may put another file in its place, its own mode means nothing. */
async function refuseOpenFolder(file: string): Promise<void> {
  const folder = dirname(await realpath(file));
  const { mode } = await stat(folder);
  if ((mode & 0o002) === 0 || (mode & 0o1000) !== 0) return;
  throw new InventoryError(`${file}: anybody can put another file in its place`, {
    hint: `chmod o-w ${quotePath(folder)}`,
  });
}

async function openForReading(file: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK a named pipe would keep us waiting for ever.
    return await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new InventoryError(`${file}: cannot be read (${codeOf(error)})`, { cause: error });
  }
}

function decode(bytes: Uint8Array, file: string): string {
  if (bytes.byteLength > maxBytes) throw new InventoryError(`${file}: grew while it was read`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InventoryError(`${file}: is not UTF-8 text`, { cause: error });
  }
}

/** `ENOENT` and its like, of an error of the file system. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "error";
}

function quotePath(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
