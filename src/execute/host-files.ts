import type { Link } from "../transport/transport.ts";
import { putBackScript, uploadScript } from "./file-scripts.ts";
import { say, script } from "./host-script.ts";

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

export async function putBackFile(link: Link, operation: string, of: string, path: string): Promise<void> {
  await say(link, script("put back", putBackScript, operation, of, path));
}
