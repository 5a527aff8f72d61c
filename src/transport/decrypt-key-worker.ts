import { parentPort } from "node:worker_threads";
import ssh2, { type ParsedKey } from "ssh2";

/** What the thread is told: first the key, then what to sign with it. */
export type KeyRequest =
  | { readonly content: Uint8Array; readonly passphrase: Uint8Array }
  | { readonly id: number; readonly data: Uint8Array; readonly hash?: string };

/** What it says: the public half, or that the passphrase is wrong; then signatures. */
export type KeyAnswer =
  | { readonly publicLine?: string }
  | { readonly id: number; readonly signature?: Uint8Array };

let key: ParsedKey | undefined;

parentPort?.on("message", (request: KeyRequest) => {
  if ("content" in request) {
    const parsed = ssh2.utils.parseKey(Buffer.from(request.content), Buffer.from(request.passphrase));
    const first = Array.isArray(parsed) ? parsed[0] : parsed;
    request.passphrase.fill(0);
    request.content.fill(0);
    key = first instanceof Error ? undefined : first;
    say(key ? { publicLine: `${key.type} ${key.getPublicSSH().toString("base64")}` } : {});
    return;
  }
  const signature = key?.sign(Buffer.from(request.data), request.hash);
  say(
    signature === undefined || signature instanceof Error
      ? { id: request.id }
      : { id: request.id, signature: Uint8Array.from(signature) },
  );
});

const say = (answer: KeyAnswer) => parentPort?.postMessage(answer);
