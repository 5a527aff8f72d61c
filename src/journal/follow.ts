import { setTimeout as sleep } from "node:timers/promises";
import { createChain } from "./chain.ts";
import { readDriver } from "./driver.ts";
import { journalFile } from "./journal.ts";
import { type Operation, toOperation } from "./operation.ts";
import { createTail, outputFile, type Said } from "./output.ts";
import type { JournalRecord } from "./record.ts";

export interface Follower {
  readonly onRecord: (record: JournalRecord) => void;
  readonly onOutput: (said: Said) => void;
}

const everyMs = 80;

/**
 * Tells what happens in an operation, from its beginning, until it has ended or nobody drives it any more. Whoever looks
 * changes nothing, and `signal` ends the looking alone.
 */
export async function followOperation(
  folder: string,
  id: string,
  { onRecord, onOutput }: Follower,
  signal: AbortSignal,
): Promise<Operation | undefined> {
  const file = journalFile(folder, id);
  const journal = createTail(file);
  const chain = createChain(file);
  const output = createTail(outputFile(folder, id));
  const records: JournalRecord[] = [];
  let idleSince = Date.now();
  for (;;) {
    const isDriven = readDriver(folder, id) !== undefined;
    for (const line of output.lines()) tell(line, onOutput);
    for (const line of journal.lines()) {
      const record = chain.read(line);
      records.push(record);
      onRecord(record);
      idleSince = Date.now();
    }
    const last = records.at(-1);
    if (last?.kind === "ended" && !isDriven) break;
    // One that is just being started has not claimed it yet.
    if (!isDriven && Date.now() - idleSince > 10_000) break;
    if (signal.aborted) break;
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
  return toOperation(records);
}

/** Nothing depends on it: what a crash or a full disk left of a line is left out. */
function tell(line: string, onOutput: Follower["onOutput"]): void {
  let said: Said;
  try {
    said = JSON.parse(line);
  } catch {
    return;
  }
  onOutput(said);
}
