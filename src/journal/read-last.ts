import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { JournalRecord } from "./record.ts";

const tailBytes = 4 * 1024;

/** The last line of a journal, unless it is torn or very long. */
export function readLast(file: string): JournalRecord | undefined {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(fd);
    const tail = Buffer.alloc(Math.min(size, tailBytes));
    readSync(fd, tail, 0, tail.length, size - tail.length);
    const lines = tail.toString().split("\n");
    return lines.pop() === "" ? JSON.parse(lines.at(-1) ?? "") : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}
