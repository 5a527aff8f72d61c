import { Refused } from "../errors.ts";
import type { Link } from "../transport/transport.ts";
import { toOneLine } from "../words.ts";
import { expectSuccess, say, script, toDate } from "./host-script.ts";
import { lockScript, unlockScript } from "./lock-scripts.ts";

/** Another operation that changed a host, or may have. */
export interface Change {
  readonly host: string;
  readonly operation: string;
  readonly owner: string;
  readonly title: string;
  /** By the host's clock. */
  readonly at: Date;
}

export interface Hold {
  /** It was not ours before. */
  readonly isNew: boolean;
  /** Since the operation was there last; of one that never was, no more than the last of all. */
  readonly changes: readonly Change[];
}

/** Rejects with `Refused` that names who has it. The same operation may take it again. */
export async function lockHost(link: Link, operation: string, owner: string, title: string): Promise<Hold> {
  const said = await say(link, script("lock", lockScript, operation, owner, toOneLine(title)));
  const [word, ...lines] = said.trim().split("\n");
  return { isNew: word !== "had", changes: lines.flatMap((line) => parseChange(link.host, line)) };
}

function parseChange(host: string, line: string): readonly Change[] {
  const [, operation = "", seconds = "", owner = "", title = ""] =
    /^ran (\S+) (\d+) (\S+) (.*)$/.exec(line) ?? [];
  const at = toDate(seconds);
  return at ? [{ host, operation, owner, title, at }] : [];
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
