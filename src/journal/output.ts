import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

/** What the steps of an operation said, beside its journal: for who looks on. It may be lost; nothing depends on it. */
export interface OutputFile {
  readonly write: (step: string, text: string) => void;
  readonly close: () => void;
}

export interface Said {
  readonly step: string;
  readonly text: string;
}

export const outputFile = (folder: string, id: string): string => join(folder, `${id}.output`);

const mostBytes = 8 * 1024 * 1024;

export function openOutput(folder: string, id: string): OutputFile {
  const fd = openSync(outputFile(folder, id), "a", 0o600);
  let written = 0;
  return {
    write: (step, text) => {
      if (written > mostBytes) return;
      try {
        written += writeSync(fd, `${JSON.stringify({ step, text })}\n`);
      } catch {
        written = Number.POSITIVE_INFINITY;
      }
    },
    close: () => closeSync(fd),
  };
}

/** Reads whole lines of a file that grows, from where it stopped the last time. */
export function createTail(file: string): { readonly lines: () => readonly string[] } {
  let at = 0;
  let rest = Buffer.alloc(0);
  return {
    lines: () => {
      let fd: number;
      try {
        fd = openSync(file, "r");
      } catch {
        return [];
      }
      try {
        const chunk = Buffer.alloc(64 * 1024);
        for (let read = 1; read > 0; ) {
          read = readSync(fd, chunk, 0, chunk.length, at);
          at += read;
          rest = Buffer.concat([rest, chunk.subarray(0, read)]);
        }
      } finally {
        closeSync(fd);
      }
      const end = rest.lastIndexOf(0x0a);
      if (end < 0) return [];
      const whole = rest.subarray(0, end).toString().split("\n");
      rest = Buffer.from(rest.subarray(end + 1));
      return whole;
    },
  };
}
