import { InDoubt } from "../errors.ts";
import type { Link } from "../transport/transport.ts";
import { putBackScript, takeAwayScript, uploadScript } from "./file-scripts.ts";
import { judgeSaid, say, script } from "./host-script.ts";

export async function uploadFile(
  link: Link,
  upload: {
    readonly operation: string;
    readonly step: string;
    readonly path: string;
    readonly mode: string;
    readonly owner: string;
    readonly text: string;
  },
): Promise<void> {
  const { operation, step, path, mode, owner, text } = upload;
  await say(link, { ...script("upload", uploadScript, operation, step, path, mode, owner), input: { text } });
}

/** As an upload, it keeps what was there. */
export async function takeAwayFile(link: Link, operation: string, step: string, path: string): Promise<void> {
  await say(link, script("take away", takeAwayScript, operation, step, path));
}

/** Rejects with `InDoubt` where the host does not keep any more what was there. */
export async function putBackFile(
  link: Link,
  putBack: {
    readonly operation: string;
    readonly step: string;
    /** The step that put it there, and the digest of what that put there. */
    readonly of: string;
    readonly sha256: string;
    readonly path: string;
    /** Somebody heard that it was put there. */
    readonly isSure: boolean;
  },
): Promise<void> {
  const { operation, step, of, path, sha256, isSure } = putBack;
  const word = isSure ? "done" : "begun";
  const command = script("put back", putBackScript, operation, of, path, sha256, word);
  const output = await link.ask(command);
  if (output.exitCode === 78)
    throw new InDoubt(`${link.host}: ${output.stderr.trim()}: it cannot be put back.`, {
      hint: `See to it by hand, and then: scrap resume ${operation} --was-done ${step}`,
    });
  judgeSaid(link.host, command, output);
}
