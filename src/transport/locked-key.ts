import { Worker } from "node:worker_threads";
import ssh2, { type BaseAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from "ssh2";
import type { KeyAnswer, KeyRequest } from "./decrypt-key-worker.ts";

/**
 * Opens an encrypted key in a thread of its own, which keeps it and signs with it: opening takes up to three seconds of
 * work, on purpose. Resolves with undefined when the passphrase is wrong.
 */
export async function unlock(content: Buffer, passphrase: Buffer): Promise<BaseAgent | undefined> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./decrypt-key-worker.${extension}`, import.meta.url));
  const publicLine = await new Promise<string | undefined>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (answer: KeyAnswer) =>
      resolve("publicLine" in answer ? answer.publicLine : undefined),
    );
    worker.postMessage({ content, passphrase } satisfies KeyRequest);
  });
  const key = publicLine === undefined ? undefined : ssh2.utils.parseKey(publicLine);
  if (key === undefined || key instanceof Error) {
    await worker.terminate();
    return undefined;
  }
  worker.unref();
  return new ThreadAgent(worker, key) as BaseAgent;
}

class ThreadAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #worker: Worker;
  readonly #key: ParsedKey;
  readonly #waiting = new Map<number, SignCallback>();
  #lastId = 0;

  constructor(worker: Worker, key: ParsedKey) {
    super();
    this.#worker = worker;
    this.#key = key;
    worker.on("message", (answer: KeyAnswer) => {
      if (!("id" in answer)) return;
      const callback = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.signature) callback?.(undefined, Buffer.from(answer.signature));
      else callback?.(new Error("The key cannot sign that."));
    });
  }

  override getIdentities(callback: Parameters<BaseAgent<ParsedKey>["getIdentities"]>[0]): void {
    callback(undefined, [this.#key]);
  }

  override sign(key: ParsedKey, data: Buffer, options: SigningRequestOptions, callback?: SignCallback): void;
  override sign(key: ParsedKey, data: Buffer, callback: SignCallback): void;
  override sign(
    _key: ParsedKey,
    data: Buffer,
    optionsOrCallback: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const id = ++this.#lastId;
    const [{ hash }, after] =
      typeof optionsOrCallback === "function"
        ? [{ hash: undefined }, optionsOrCallback]
        : [optionsOrCallback, callback];
    if (after) this.#waiting.set(id, after);
    this.#worker.postMessage({ id, data, ...(hash === undefined ? {} : { hash }) } satisfies KeyRequest);
  }
}
