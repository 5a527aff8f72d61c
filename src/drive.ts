// Carries one operation out, in a process of its own that outlives whoever asked for it: `scrap drive ID`.
import { hostname, userInfo } from "node:os";
import { text } from "node:stream/consumers";
import { carryOut } from "./execute/carry-out.ts";
import type { Hands } from "./execute/hands.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { claimDriver } from "./journal/driver.ts";
import { openJournal } from "./journal/journal.ts";
import { toOperation } from "./journal/operation.ts";
import { openOutput } from "./journal/output.ts";
import type { Decision, Origin } from "./journal/record.ts";
import { createTransport } from "./transport/create-transport.ts";
import { runLocalLines } from "./transport/local-program.ts";
import type { AskSecret, SecretRequest } from "./transport/secrets.ts";

export interface DriveOptions {
  readonly folder: string;
  readonly id: string;
  readonly loadInventory: (by: Origin) => Promise<Inventory>;
  /** What a person typed when they asked for it, by `secretKey`. */
  readonly secrets: ReadonlyMap<string, string>;
}

export const secretKey = ({ host, kind, of }: SecretRequest): string => `${host} ${kind} ${of}`;

/** From standard input: what a person typed before. */
export async function readSecrets(): Promise<ReadonlyMap<string, string>> {
  const said = await text(process.stdin);
  return new Map(said === "" ? [] : Object.entries(JSON.parse(said)));
}

/** Resolves when the operation has ended, or was left for a human. What happened is in the journal. */
export async function drive({ folder, id, loadInventory, secrets }: DriveOptions): Promise<void> {
  const claim = claimDriver(folder, id);
  const journal = openJournal(folder, id);
  const output = openOutput(folder, id);
  const by = toOperation(journal.records())?.by;
  try {
    if (!by) throw new Error(`The journal of ${id} has no plan.`);
    const inventory = await loadInventory(by);
    const askSecret: AskSecret = async (request) => {
      const secret = secrets.get(secretKey(request));
      return secret === undefined ? undefined : Buffer.from(secret);
    };
    const transport = createTransport({ hosts: inventory.hosts, askSecret });
    const hands: Hands = {
      transport,
      journal,
      owner: ownerOf(by),
      runLocal: runLocalLines,
      onOutput: output.write,
      asked: listenForWishes(),
      patienceMs: 600_000,
    };
    await carryOut(hands);
    await transport.close();
  } finally {
    journal.close();
    output.close();
    claim.release();
  }
}

export const ownerOf = ({ user, machine }: Origin): string => `${user}@${machine}`;

export function whoAsks(inventory: { readonly file?: string; readonly sshConfig?: string }): Origin {
  return {
    user: process.env["SUDO_USER"] ?? userInfo().username,
    machine: hostname(),
    ...(inventory.file === undefined ? {} : { inventory: inventory.file }),
    ...(inventory.sshConfig === undefined ? {} : { sshConfig: inventory.sshConfig }),
  };
}

/** The first SIGINT: stop after this step. The second: cancel it and walk back. A hang-up is none of our business. */
function listenForWishes(): () => Extract<Decision, "stop" | "walk-back"> | undefined {
  let wishes = 0;
  process.removeAllListeners("SIGINT").on("SIGINT", () => {
    wishes += 1;
  });
  process.removeAllListeners("SIGHUP").on("SIGHUP", () => {});
  process.removeAllListeners("SIGTERM").on("SIGTERM", () => {
    wishes = Math.max(wishes, 1);
  });
  return () => (wishes === 0 ? undefined : wishes === 1 ? "stop" : "walk-back");
}
