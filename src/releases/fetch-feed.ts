import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CommandFailed, Failure } from "../errors.ts";

const mostBytes = 5 * 1024 * 1024;
const timeoutMs = 20_000;

/** The text of a feed at an `https:`, `http:` or `file:` address, of 5 MiB at most. Rejects with `CommandFailed`. */
export async function fetchFeed(url: string): Promise<string> {
  try {
    const chunks = url.startsWith("file:") ? readChunks(url) : fetchChunks(url);
    return decode(await collect(chunks, url));
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new CommandFailed(`The feed ${url} cannot be read: ${why}`, { cause: error });
  }
}

async function* readChunks(url: string): AsyncGenerator<Uint8Array> {
  const handle = await open(fileURLToPath(url));
  try {
    if (!(await handle.stat()).isFile()) throw new CommandFailed(`${url} is no file.`);
    yield* handle.createReadStream({ autoClose: false });
  } finally {
    await handle.close();
  }
}

async function* fetchChunks(url: string): AsyncGenerator<Uint8Array> {
  // By its full name: a bare `fetch` is left out of the program, which Ink would load half of Node.js for.
  const response = await globalThis.fetch(url, {
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      accept: "application/atom+xml, application/rss+xml, application/xml, text/xml;q=0.9, */*;q=0.1",
    },
  });
  if (url.startsWith("https:") && !response.url.startsWith("https:"))
    throw new CommandFailed(`The feed ${url} leads to ${response.url}, which anybody on the way can change.`);
  if (!response.ok) throw new CommandFailed(`The feed ${url} cannot be read: HTTP ${response.status}`);
  if (response.body) yield* response.body;
}

async function collect(chunks: AsyncIterable<Uint8Array>, url: string): Promise<Buffer> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new CommandFailed(`The feed ${url} is larger than 5 MiB.`);
    all.push(chunk);
  }
  return Buffer.concat(all);
}

/** In the encoding that its first line names; UTF-8 otherwise. */
function decode(content: Buffer): string {
  const declared = /^<\?xml[^>]*?encoding=["']([\w-]{1,40})["']/.exec(
    content.toString("latin1", 0, 200),
  )?.[1];
  return new TextDecoder(declared ?? "utf-8").decode(content);
}
