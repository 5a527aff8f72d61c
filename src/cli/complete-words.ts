import type { Option } from "commander";
import type { Inventory } from "../inventory/inventory.ts";
import { shells } from "./completion.ts";
import type { Context, InventoryOptions } from "./context.ts";
import { journalWords } from "./journal-words.ts";
import { kinds, toKind } from "./kinds.ts";
import { outputs } from "./output.ts";
import { scheduleWords } from "./schedule-words.ts";

export interface Candidate {
  readonly text: string;
  readonly description?: string;
}

/** Stands for the paths of files: those the shell knows. */
export const files = ":files";

const toCandidates = (texts: Iterable<string>): readonly Candidate[] => [...texts].map((text) => ({ text }));

/** What an option takes. */
export async function valuesOf(
  { long }: Option,
  context: Context,
  options: InventoryOptions,
): Promise<readonly Candidate[]> {
  switch (long) {
    case "--output":
      return toCandidates(outputs);
    case "--out":
      return [{ text: files }];
    case "--sudoers":
      return toCandidates(["read", "change"]);
    case "--inventory":
    case "--ssh-config":
      return [{ text: files }];
    case "--host":
      return toCandidates(hostWords(await context.loadInventory(options)));
    case "--without":
      return toCandidates((await context.loadInventory(options)).hosts.keys());
    default:
      return [];
  }
}

/** What a command takes after the words it has. Nothing that would have to be asked of a host: nobody waits that long. */
export async function wordsOf(
  command: string,
  before: readonly string[],
  context: Context,
  options: InventoryOptions,
): Promise<readonly Candidate[]> {
  const inventory = () => context.loadInventory(options);
  switch (command) {
    case "status":
    case "doctor":
      return toCandidates(hostWords(await inventory()));
    case "get":
    case "describe": {
      const [word, ...names] = before;
      if (word === undefined) return toCandidates(kinds);
      if (command === "describe" && names.length > 0) return [];
      const kind = toKind(word);
      if (kind === "host") return toCandidates(hostWords(await inventory()));
      return kind === "service" ? toCandidates((await inventory()).services.keys()) : [];
    }
    case "logs":
    case "start":
    case "stop":
    case "restart":
    case "deploy":
    case "upgrade":
    case "rollback":
    case "backup":
    case "restore":
      return before.length === 0 ? toCandidates((await inventory()).services.keys()) : [];
    case "backups":
    case "snapshots":
    case "outdated":
      return toCandidates((await inventory()).services.keys());
    case "snapshot":
    case "prune": {
      const known = await inventory();
      return toCandidates([...known.services.keys(), ...hostWords(known)]);
    }
    case "verify": {
      const { repositories, services } = await inventory();
      return toCandidates([...repositories.keys(), ...services.keys()]);
    }
    case "schedule":
      return toCandidates(before.length === 0 ? scheduleWords : (await inventory()).services.keys());
    case "settings":
      return before.length === 0 ? toCandidates((await context.settings()).list().map(([key]) => key)) : [];
    case "apply":
      return before.length === 0 ? [{ text: files }] : [];
    case "journal":
      if (before.length === 0) return toCandidates(journalWords);
      return before.length === 1 ? toCandidates(await idsOf(context)) : [];
    case "resume":
    case "cancel":
      return before.length === 0 ? toCandidates(await idsOf(context)) : [];
    case "unlock":
      if (before.length === 0) return toCandidates((await inventory()).hosts.keys());
      return before.length === 1 ? toCandidates(await idsOf(context)) : [];
    case "completion":
      return before.length === 0 ? toCandidates(shells) : [];
    default:
      return [];
  }
}

const idsOf = async (context: Context) => (await context.operations({})).ids();

function hostWords({ hosts, groups }: Inventory): Iterable<string> {
  const zones = [...hosts.values()].flatMap(({ zone }) => (zone === undefined ? [] : `zone:${zone}`));
  return new Set([...hosts.keys(), ...groups.keys(), ...zones]);
}
