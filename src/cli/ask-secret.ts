import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { AskSecret, SecretRequest } from "../transport/secrets.ts";

/**
 * Asks at the terminal, without echo, once for each question; the prompt goes to stderr. The password of sudo or doas is
 * asked for only when the user said that there is one, the passphrase of a key as `ssh` would.
 */
export function createAskSecret(askBecomePass: boolean): AskSecret {
  const answers = new Map<string, Promise<Buffer | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  return async (request) => {
    if (!process.stdin.isTTY || (request.kind === "become-password" && !askBecomePass)) return undefined;
    const question = toQuestion(request);
    // Two hosts may ask at once; a person answers one after the other.
    const answer = answers.get(question) ?? last.then(() => ask(question));
    answers.set(question, answer);
    last = answer.catch(() => undefined);
    const secret = await answer;
    return secret && Buffer.from(secret);
  };
}

/** One password of sudo or doas for all hosts, as with `ansible -K`. */
const toQuestion = ({ kind, of }: SecretRequest) =>
  kind === "passphrase" ? `Passphrase for ${of}:` : `Password for ${of} on the hosts:`;

async function ask(question: string): Promise<Buffer | undefined> {
  process.stderr.write(`${question} `);
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: mute, terminal: true });
  try {
    const answer = await terminal.question("");
    return answer === "" ? undefined : Buffer.from(answer);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AbortError") throw error;
    // Ctrl-c in raw mode is no signal: whoever would hear of one hears of this.
    process.kill(process.pid, "SIGINT");
    return undefined;
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
