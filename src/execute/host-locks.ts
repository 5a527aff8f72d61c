import { Refused } from "../errors.ts";
import type { Link } from "../transport/transport.ts";
import { toOneLine } from "../words.ts";
import { expectSuccess, say, script } from "./host-script.ts";
import { lockScript, unlockScript } from "./lock-scripts.ts";

/** Rejects with `Refused` that names who has it. The same operation may take it again. */
export async function lockHost(link: Link, operation: string, owner: string, title: string): Promise<void> {
  await say(link, script("lock", lockScript, operation, owner, toOneLine(title)));
}

/** Rejects with `Refused` while a job of the operation runs there. Nothing happens where another one holds the host. */
export async function unlockHost(link: Link, operation: string): Promise<void> {
  const output = await link.ask(script("unlock", unlockScript, operation));
  if (output.exitCode === 75)
    throw new Refused(`On ${link.host} a job of ${operation} still runs: ${output.stdout.trim()}`, {
      hint: `scrap cancel ${operation}`,
    });
  expectSuccess(link.host, "scrap unlock", output);
}
