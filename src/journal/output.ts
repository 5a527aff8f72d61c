import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
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

/** What the process that carries it out says of itself, such as that it ended by a bug. */
export const errorsFile = (folder: string, id: string): string => join(folder, `${id}.errors`);

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

/** Reads whole lines of a file that grows, from where it stopped the last time. What is torn at its end may yet be cut off. */
export function createTail(file: string): { readonly lines: () => readonly string[] } {
  let at = 0;
  return {
    lines: () => {
      let fd: number;
      try {
        fd = openSync(file, "r");
      } catch {
        return [];
      }
      try {
        const more = Buffer.alloc(Math.max(0, fstatSync(fd).size - at));
        const read = readSync(fd, more, 0, more.length, at);
        const end = more.subarray(0, read).lastIndexOf(0x0a);
        if (end < 0) return [];
        at += end + 1;
        return more.subarray(0, end).toString().split("\n");
      } finally {
        closeSync(fd);
      }
    },
  };
}
