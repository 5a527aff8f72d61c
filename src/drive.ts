// Carries one operation out, in a process of its own that outlives whoever asked for it: `scrap drive ID`.
import { hostname, userInfo } from "node:os";
import { text } from "node:stream/consumers";
import { Failure, InDoubt } from "./errors.ts";
import { carryOut } from "./execute/carry-out.ts";
import type { Hands } from "./execute/hands.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { claimDriver, type DriverClaim } from "./journal/driver.ts";
import { type Journal, openJournal } from "./journal/journal.ts";
import { type Operation, toOperation } from "./journal/operation.ts";
import { backedUpAt, downtimeOf } from "./journal/outcomes.ts";
import { openOutput } from "./journal/output.ts";
import type { Origin, Wish } from "./journal/record.ts";
import type { Past } from "./memory/past.ts";
import type { KnownBackups } from "./model/copies.ts";
import { toTagWord } from "./plan/snapshot-tag.ts";
import { createTransport } from "./transport/create-transport.ts";
import { runLocalLines } from "./transport/local-program.ts";
import type { AskSecret, SecretRequest } from "./transport/secrets.ts";
import type { Transport } from "./transport/transport.ts";

export interface DriveOptions {
  readonly folder: string;
  readonly id: string;
  readonly loadInventory: (by: Origin) => Promise<Inventory>;
  /** What a person typed when they asked for it, by `secretKey`. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What a person asked for since it began. */
  readonly asked: Hands["asked"];
  /** Where it is kept what was learnt of that homelab. */
  readonly pastOf?: (inventory: Inventory) => Past;
  /** How long a host that is lost is tried again. */
  readonly patienceMs?: number;
}

/** Who carries operations out. */
export interface Drivers {
  /** Resolves once it has begun to. */
  readonly start: (id: string) => Promise<void>;
  /** Tells the one that carries it out, which is process `pid`. Without a wish it is asked for one thing more than before. */
  readonly wish: (id: string, pid: number, wish?: Wish) => void;
}

export const secretKey = ({ host, kind, of }: SecretRequest): string => `${host} ${kind} ${of}`;

/** From standard input: what a person typed before. */
export async function readSecrets(): Promise<ReadonlyMap<string, string>> {
  const said = await text(process.stdin);
  return new Map(said === "" ? [] : Object.entries(JSON.parse(said)));
}

/** Resolves when the operation has ended, or was left for a human. What happened is in the journal. */
export async function drive(options: DriveOptions): Promise<void> {
  const { folder, id, loadInventory, secrets, asked, pastOf, patienceMs = 600_000 } = options;
  const claim = claimDriver(folder, id);
  const journal = held(openJournal(folder, id), claim);
  const output = openOutput(folder, id);
  let transport: Transport | undefined;
  try {
    const operation = toOperation(journal.records());
    if (!operation) throw new InDoubt(`The journal of ${id} has no plan.`);
    const { by } = operation;
    const inventory = await loadInventory(by);
    const askSecret: AskSecret = async (request) => {
      const secret = secrets.get(secretKey(request));
      return secret === undefined ? undefined : Buffer.from(secret);
    };
    // It asks little, and waits for what it asks: one slow answer must not stand for a no until the wait is over.
    transport = createTransport({ hosts: inventory.hosts, askSecret, patience: { quarantineMs: 2_000 } });
    const hands: Hands = {
      transport,
      journal,
      owner: ownerOf(by),
      runLocal: runLocalLines,
      onOutput: output.write,
      asked,
      patienceMs,
    };
    await carryOut(hands);
    if (pastOf) keepOutcome(toOperation(journal.records()), inventory, pastOf(inventory));
  } catch (error) {
    sayWhyItEnded(journal, error);
    throw error;
  } finally {
    journal.close();
    output.close();
    claim.release();
    await transport?.close();
  }
}

/** Nothing is written, and so nothing is begun, by who was asleep while another one took it over. */
const held = ({ append, note, ...journal }: Journal, { expectOurs }: DriverClaim): Journal => ({
  ...journal,
  append: (event) => {
    expectOurs();
    append(event);
  },
  note: (event) => {
    expectOurs();
    note(event);
  },
});

/** What the operation means for its services later: how long they were down, and that there is a backup. */
function keepOutcome(operation: Operation | undefined, inventory: Inventory, past: Past): void {
  if (!operation) return;
  const { services } = operation.plan;
  const down = downtimeOf(operation);
  if (down) past.ledger.add(new Map(services.map((name) => [name, { up: [], down: [], planned: [down] }])));
  const made = [...inventory.repositories.keys()].flatMap((repository): readonly KnownBackups[] => {
    const at = backedUpAt(operation, toTagWord(repository));
    return at === undefined ? [] : [{ repository, newest: { at } }];
  });
  if (made.length > 0) past.learn(new Map(services.map((name) => [name, made])));
}

/** For who looks on. A journal that cannot be written says it by having no end. */
function sayWhyItEnded(journal: Journal, error: unknown): void {
  const message = error instanceof Failure ? error.message : `This is a bug: ${error}`;
  const isBegun = journal.records().some(({ kind }) => kind === "driving");
  try {
    journal.append({ kind: "ended", outcome: isBegun ? "in-doubt" : "unchanged", message });
  } catch {
    // What is thrown says the same.
  }
}

/**
 * Carries operations out in this very process, for hosts that end with it. `settled` resolves when none is under way any
 * more; `fail` is told of a bug.
 */
export function createDriversHere(
  options: Pick<DriveOptions, "folder" | "loadInventory" | "patienceMs"> & {
    readonly fail: (error: unknown) => void;
  },
): Drivers & { readonly settled: () => Promise<void> } {
  const wishes = new Map<string, Wish>();
  const running = new Set<Promise<void>>();
  return {
    start: async (id) => {
      wishes.delete(id);
      const run = drive({ ...options, id, secrets: new Map(), asked: () => wishes.get(id) })
        .catch(options.fail)
        .finally(() => running.delete(run));
      running.add(run);
    },
    wish: (id, _, wish = wishes.has(id) ? "walk-back" : "stop") => void wishes.set(id, wish),
    settled: async () => {
      await Promise.all(running);
    },
  };
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

/** Tells a driver to cancel the step and to walk back, whatever it was told before. */
export const walkBackSignal = "SIGUSR2";

/**
 * The first SIGINT: stop after this step. The second: cancel it and walk back. A hang-up is none of our business. SIGTERM
 * ends us at once, as does a loss of power: that is what resuming is for.
 */
export function listenForWishes(): Hands["asked"] {
  let wishes = 0;
  process.removeAllListeners("SIGINT").on("SIGINT", () => {
    wishes += 1;
  });
  process.on(walkBackSignal, () => {
    wishes = 2;
  });
  process.removeAllListeners("SIGHUP").on("SIGHUP", () => {});
  process.removeAllListeners("SIGTERM");
  return () => (wishes === 0 ? undefined : wishes === 1 ? "stop" : "walk-back");
}
