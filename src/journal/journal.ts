import {
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { InDoubt, Refused, UsageError } from "../errors.ts";
import { createChain, digest } from "./chain.ts";
import type { Event, JournalRecord } from "./record.ts";

/** What was done by one operation. Only ever appended to. */
export interface Journal {
  readonly records: () => readonly JournalRecord[];
  /** On disk when it returns. Throws `InDoubt` when it cannot be: then nothing may be changed any more. */
  readonly append: (event: Event) => void;
  /**
   * As `append`, and on disk with what is appended next: for what is found out again where it is lost, while a service
   * may be waiting.
   */
  readonly note: (event: Event) => void;
  readonly close: () => void;
}

/** `$XDG_STATE_HOME/scrap/journal`. */
export function journalFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const { XDG_STATE_HOME } = env;
  const base = XDG_STATE_HOME?.startsWith("/") ? XDG_STATE_HOME : join(home, ".local", "state");
  return join(base, "scrap", "journal");
}

export const journalFile = (folder: string, id: string): string => join(folder, `${id}.jsonl`);

/** The ids of all operations, the newest first. */
export function listJournals(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => name.slice(0, -".jsonl".length))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

/** Made when it is not there. Throws `Refused` where another user could write what we would believe. */
export function openFolder(folder: string): void {
  const { mode, uid } = orSay(
    () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return statSync(folder);
    },
    (error) => cannotWrite(folder, error),
  );
  if ((mode & 0o022) !== 0 || (uid !== process.getuid?.() && process.getuid?.() !== 0))
    throw new Refused(`${folder} may be written by others: what is done by it could be theirs.`, {
      hint: `chmod 700 ${folder}, and let it be yours.`,
    });
}

/** Begins the journal of an operation. Throws `UsageError` when there is one already, `Refused` when it cannot be written. */
export function createJournal(folder: string, id: string, first: Event): Journal {
  try {
    return begin(folder, id, first);
  } catch (error) {
    if (!(error instanceof InDoubt)) throw error;
    throw new Refused(error.message, {
      hint: "Nothing was begun. Make room or mend it, then say it again.",
    });
  }
}

function begin(folder: string, id: string, first: Event): Journal {
  openFolder(folder);
  const file = journalFile(folder, id);
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, O_APPEND } = constants;
  const fd = orSay(
    () => openSync(file, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_APPEND, 0o600),
    (error) =>
      error.code === "EEXIST"
        ? new UsageError(`The operation ${id} was begun already.`, { hint: `scrap resume ${id}` })
        : cannotWrite(file, error),
  );
  const journal = appendTo(file, fd, { records: [], wholeBytes: 0, last: "" });
  try {
    journal.append(first);
    syncFolder(folder);
  } catch (error) {
    // Nothing was begun: half a plan is nothing to resume.
    rmSync(file, { force: true });
    throw error;
  }
  return journal;
}

/** Opens a journal to go on with it. What was torn off by a crash is cut away first. */
export function openJournal(folder: string, id: string): Journal {
  const file = journalFile(folder, id);
  openFolder(folder);
  const { records, wholeBytes, last } = readJournal(folder, id);
  const { O_NOFOLLOW, O_RDWR, O_APPEND } = constants;
  const fd = orSay(
    () => openSync(file, O_RDWR | O_APPEND | O_NOFOLLOW),
    (error) => cannotWrite(file, error),
  );
  ftruncateSync(fd, wholeBytes);
  return appendTo(file, fd, { records, wholeBytes, last });
}

function appendTo(file: string, fd: number, before: ReadJournal): Journal {
  const records = [...before.records];
  let broken: InDoubt | undefined;
  let prev = before.last;
  let wholeBytes = before.wholeBytes;
  const write = (event: Event, isSynced: boolean) => {
    // Whoever is told of it last still wants to know why.
    if (broken) throw broken;
    const record: JournalRecord = {
      seq: records.length + 1,
      prev,
      at: new Date().toISOString(),
      ...event,
    };
    const line = JSON.stringify(record);
    const bytes = Buffer.from(`${line}\n`);
    try {
      // Where the disk fills up, a part of it is written, and that is no error.
      if (writeSync(fd, bytes) < bytes.length) throw new Error("no space left on the disk");
      if (isSynced) fsyncSync(fd);
    } catch (error) {
      broken = cannotWrite(file, error as NodeJS.ErrnoException);
      cutOff(fd, wholeBytes);
      throw broken;
    }
    wholeBytes += bytes.length;
    records.push(record);
    prev = digest(line);
  };
  return {
    records: () => records,
    append: (event) => write(event, true),
    note: (event) => write(event, false),
    close: () => closeSync(fd),
  };
}

/** What may not be on the disk is not to be believed later. A torn line that stays is left out by who reads it. */
function cutOff(fd: number, wholeBytes: number): void {
  try {
    ftruncateSync(fd, wholeBytes);
  } catch {
    // The disk takes nothing any more.
  }
}

interface ReadJournal {
  readonly records: readonly JournalRecord[];
  readonly wholeBytes: number;
  /** The digest of the last line. */
  readonly last: string;
}

/**
 * The records of an operation, and the digest of its last line. A torn last line is left out; throws `InDoubt` for
 * anything else that does not fit.
 */
export function readJournal(folder: string, id: string): ReadJournal {
  const file = journalFile(folder, id);
  const content = orSay(
    () => readFileSync(file, "utf8"),
    (error) =>
      error.code === "ENOENT"
        ? new UsageError(`There is no operation ${id}.`, { hint: "scrap journal lists them." })
        : new UsageError(`${file} cannot be read: ${error.message}`),
  );
  const lines = content.split("\n");
  const torn = lines.pop() ?? "";
  const chain = createChain(file);
  const records = lines.map(chain.read);
  return { records, wholeBytes: Buffer.byteLength(content) - Buffer.byteLength(torn), last: chain.last() };
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const cannotWrite = (file: string, { message }: NodeJS.ErrnoException) =>
  new InDoubt(`The journal ${file} cannot be written: ${message}`, {
    hint: "Without it nothing is changed. Make room or mend it, then resume.",
  });

function orSay<Result>(attempt: () => Result, toError: (error: NodeJS.ErrnoException) => Error): Result {
  try {
    return attempt();
  } catch (error) {
    throw toError(error as NodeJS.ErrnoException);
  }
}
