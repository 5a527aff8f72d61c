import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What was started and made, so that nothing of it stays: undone last first. */
export interface Cleanup {
  readonly add: (undo: () => void | Promise<void>) => void;
  /** A folder only we can read, gone afterwards. */
  readonly folder: () => string;
  readonly run: () => Promise<void>;
}

export function createCleanup(): Cleanup {
  const undos: (() => void | Promise<void>)[] = [];
  const run = async () => {
    for (let undo = undos.pop(); undo; undo = undos.pop()) {
      try {
        await undo();
      } catch (error) {
        // The others still have to be undone.
        console.error(error);
      }
    }
  };
  return {
    add: (undo) => undos.push(undo),
    folder: () => {
      const folder = mkdtempSync(join(tmpdir(), "scrap-bench-"));
      undos.push(() => rmSync(folder, { recursive: true, force: true }));
      return folder;
    },
    run,
  };
}
