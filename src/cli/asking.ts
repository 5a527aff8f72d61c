import type { Inventory } from "../inventory/inventory.ts";
import { selectHosts } from "../inventory/targets.ts";
import type { Homelab } from "../model/homelab.ts";
import type { Context, Session } from "./context.ts";
import type { ReadOptions } from "./options.ts";
import { withOverdue } from "./overdue.ts";

/** The inventory, and the names of those of its hosts that words mean; all when there are no words. */
export async function loadHosts(
  context: Context,
  words: readonly string[],
  options: ReadOptions,
): Promise<{ readonly inventory: Inventory; readonly hosts: readonly string[] }> {
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  return { inventory, hosts: selectHosts(inventory, words).map(({ name }) => name) };
}

/** Asks hosts everything once, hands over what they answered in their time, and leaves them. */
export async function withAnswers<Result>(
  context: Context,
  inventory: Inventory,
  hosts: readonly string[],
  options: ReadOptions,
  show: (homelab: Homelab, session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await context.open(inventory, options);
  try {
    await session.once(hosts, options.timeout * 1000);
    // Half of the answers would say of what is there that it is not.
    context.interrupted.throwIfAborted();
    return await show(withOverdue(session.read(hosts), options.timeout), session);
  } finally {
    await session.close();
  }
}
