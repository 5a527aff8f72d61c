import { Refused } from "../errors.ts";
import { askYes } from "./consent.ts";
import type { Context } from "./context.ts";
import { findOperation } from "./operation-id.ts";
import type { ReadOptions } from "./options.ts";
import { toFormat } from "./output.ts";

/** `scrap unlock HOST ID`: for an operation of a jump host that is no more. Resolves with the exit code. */
export async function unlock(
  context: Context,
  host: string,
  word: string,
  options: ReadOptions & { readonly yes?: boolean },
): Promise<number> {
  const operations = await context.operations(options);
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  const session = await context.open(inventory, options);
  const say = (text: string, document: object) =>
    context.print(toFormat(options) === "table" ? text : JSON.stringify(document));
  try {
    const { lock } = await operations.survey(host, session.transport);
    if (!lock) {
      say(`${host} is not locked.`, { host, unlocked: false });
      return 0;
    }
    const who = `${lock.owner} since ${lock.since.toISOString()}: ${lock.title} (${lock.operation})`;
    if (!isMeant(word, lock.operation))
      throw new Refused(`${host} is held by another operation than ${word}, by ${who}.`, {
        hint: `scrap unlock ${host} ${lock.operation}`,
      });
    if (operations.isDriven(lock.operation))
      throw new Refused(`${host} is held by ${who}, which is being carried out now.`, {
        hint: `scrap cancel ${lock.operation}`,
      });
    await askYes(context, `${host} is held by ${who}.`, "Take the lock away from it?", options.yes ?? false);
    await operations.unlock(host, lock.operation, session.transport);
    say(`${host} is free. It was held by ${who}.`, { host, unlocked: true, lock });
    return 0;
  } finally {
    await session.close();
  }
}

/** It may be of another machine: only the host knows its id. */
function isMeant(word: string, operation: string): boolean {
  try {
    return findOperation(word, [operation]) === operation;
  } catch {
    return false;
  }
}
