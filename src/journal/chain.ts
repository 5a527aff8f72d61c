import { createHash } from "node:crypto";
import { InDoubt } from "../errors.ts";
import { parsePlan } from "../plan/parse-plan.ts";
import type { JournalRecord } from "./record.ts";

/** Of a line, SHA-256 in hex: what the next one names as the one before it. */
export const digest = (line: string): string => createHash("sha256").update(line).digest("hex");

/** Reads one line after the other, each of which must follow from the one before it. Throws `InDoubt`. */
export function createChain(file: string) {
  let seq = 0;
  let last = "";
  return {
    read: (line: string): JournalRecord => {
      seq += 1;
      const record = parseRecord(line, last, seq, file);
      last = digest(line);
      return record;
    },
    /** The digest of the last line. */
    last: () => last,
  };
}

function parseRecord(line: string, prev: string, seq: number, file: string): JournalRecord {
  const wrong = (why: string) =>
    new InDoubt(`${file}:${seq}: ${why}`, { hint: "Somebody changed it, or the disk did: look by hand." });
  let record: JournalRecord;
  try {
    record = JSON.parse(line);
  } catch (error) {
    throw wrong(`is no record: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof record !== "object" || record === null) throw wrong("is no record");
  if (record.seq !== seq) throw wrong(`expected record ${seq}, found ${record.seq}`);
  if (record.prev !== prev) throw wrong("does not follow from the line before it");
  if ((record.kind === "plan") !== (seq === 1)) throw wrong("the plan is the first record, and the only one");
  if (record.kind === "plan") parsePlan(record.plan, `${file}:${seq}`);
  return record;
}
