// Begins to talk with hosts: how they are reached, who is asked for passwords, and what is known of them.
import { homedir } from "node:os";
import type { OpenOptions } from "./cli/context.ts";
import type { Inventory } from "./inventory/inventory.ts";
import type { Journals } from "./on-demo.ts";
import type { Asked } from "./transport/options.ts";
import type { AskSecret } from "./transport/secrets.ts";

/** What was typed is typed once: who carries an operation out gets it from us. */
export const typed = new Map<string, string>();

/** `journals`: where it is kept what was done to the hosts, if that is not where it usually is. */
export async function openSession(
  inventory: Inventory,
  { askBecomePass }: OpenOptions,
  interrupted: AbortSignal,
  journals?: Journals,
  wrapAsk: (ask: AskSecret) => AskSecret = (ask) => ask,
  onAsked?: (asked: Asked) => void,
) {
  const [
    { createSession },
    { createTransport },
    { createAskSecret },
    { createAtRest },
    { journalFolder },
    { openPast },
  ] = await Promise.all([
    import("./session.ts"),
    import("./transport/create-transport.ts"),
    import("./cli/ask-secret.ts"),
    import("./journal/at-rest.ts"),
    import("./journal/journal.ts"),
    import("./memory/past.ts"),
  ]);
  const transport = createTransport({
    hosts: inventory.hosts,
    askSecret: remember(wrapAsk(createAskSecret(askBecomePass ?? false))),
    ...(onAsked ? { onAsked } : {}),
  });
  const restOf = createAtRest(journals ?? (() => journalFolder(process.env, homedir())), inventory.file);
  const past = openPast(inventory.file, process.env, homedir());
  return createSession(inventory, transport, interrupted, bail, restOf, past);
}

function remember(ask: AskSecret): AskSecret {
  return async (request) => {
    const secret = await ask(request);
    if (secret) typed.set(`${request.host} ${request.kind} ${request.of}`, secret.toString());
    return secret;
  };
}

/** A bug in the background. As nobody's: who has the terminal gives it back first, and then it is told. */
export function bail(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
