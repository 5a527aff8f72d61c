import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { mergeWatched, type Watched } from "../model/budget.ts";
import { type Backups, mergeBackups } from "../model/copies.ts";
import { forgetBefore, type LedgerStore } from "./ledger.ts";

/** What was learnt of a homelab that its hosts do not tell whenever they are asked. */
export interface Past {
  readonly backups: () => Backups;
  /** Unites it with what is known, and tells the whole. Where there is nothing new, nothing is written. */
  readonly learn: (more: Backups) => Backups;
  readonly ledger: LedgerStore;
}

/**
 * For each inventory two files in `$XDG_STATE_HOME/scrap/past`, which several of us may write. Without an inventory it is
 * known as long as this process lives.
 */
export function openPast(
  inventory: string | undefined,
  { XDG_STATE_HOME }: Readonly<Record<string, string | undefined>>,
  home: string,
): Past {
  if (inventory === undefined) return keep(inMemory(), inMemory());
  const base = XDG_STATE_HOME?.startsWith("/") ? XDG_STATE_HOME : join(home, ".local", "state");
  const name = createHash("sha256").update(inventory).digest("hex").slice(0, 16);
  const folder = join(base, "scrap", "past");
  return keep(inFile(join(folder, `${name}.backups.json`)), inFile(join(folder, `${name}.ledger.json`)));
}

interface Kept {
  // It is read as it was written: the file is our own.
  readonly read: () => ReadonlyMap<string, never>;
  readonly write: (all: ReadonlyMap<string, unknown>) => void;
}

function keep(backups: Kept, ledger: Kept): Past {
  return {
    backups: backups.read,
    learn: (more) => {
      const before: Backups = backups.read();
      const all = mergeBackups(before, more);
      if (JSON.stringify([...all]) !== JSON.stringify([...before])) backups.write(all);
      return all;
    },
    ledger: {
      read: ledger.read,
      add: (more) => {
        const all = new Map<string, Watched>(ledger.read());
        for (const [name, watched] of more) {
          const before = all.get(name);
          all.set(name, before ? mergeWatched(before, watched) : watched);
        }
        const left = forgetBefore(all, Date.now() - longestPeriodMs);
        ledger.write(left);
        return left;
      },
    },
  };
}

const longestPeriodMs = 366 * 24 * 3_600_000;

function inMemory(): Kept {
  let all: ReadonlyMap<string, unknown> = new Map();
  return {
    read: () => all as ReadonlyMap<string, never>,
    write: (now) => {
      all = now;
    },
  };
}

const version = 1;

/** In one go, and for nobody else's eyes. Where it cannot be written, it is not known later: no reason to fail now. */
const inFile = (file: string): Kept => ({
  read: () => {
    try {
      const kept: { version: number; services: Record<string, never> } = JSON.parse(
        readFileSync(file, "utf8"),
      );
      return new Map<string, never>(kept.version === version ? Object.entries(kept.services) : []);
    } catch {
      return new Map<string, never>();
    }
  },
  write: (all) => {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const draft = `${file}.${process.pid}.new`;
      writeFileSync(draft, JSON.stringify({ version, services: Object.fromEntries(all) }), { mode: 0o600 });
      renameSync(draft, file);
    } catch {
      // Then it is asked again, or not counted.
    }
  },
});
