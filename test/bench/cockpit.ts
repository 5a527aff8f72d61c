import type { Bench, Outcome } from "./bench.ts";
import { type Cleanup, createCleanup } from "./cleanup.ts";
import { type Crowd, startCrowd } from "./crowd.ts";
import { measureFirstFrame } from "./first-frame.ts";
import { measureHeap } from "./heap.ts";
import { measureKeys } from "./keys.ts";
import { measureRest } from "./rest.ts";

/** The screen that people live in. */
export const cockpit: Bench = {
  name: "cockpit",
  run: async ({ isQuick, hosts, held }) => {
    const small = await onCrowd(hosts, async (crowd, folder, end) => [
      // The first of these leaves behind what the next starts from.
      await measureRest(crowd, folder, isQuick),
      await measureFirstFrame(crowd, folder, isQuick, end),
      await measureHeap(crowd, folder, isQuick, end),
    ]);
    const [rest, ...others] = small;
    const large = await onCrowd(held, async (crowd, folder, end) => [
      await measureKeys(crowd, folder, isQuick, end),
    ]);
    const outcomes = [...others, ...large, ...(rest ? [rest] : [])];
    return {
      lines: outcomes.flatMap(({ lines }) => lines),
      notes: outcomes.flatMap(({ notes }) => notes),
    };
  },
};

async function onCrowd(
  count: number,
  measure: (crowd: Crowd, folder: string, end: Cleanup) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const end = createCleanup();
  try {
    const crowd = await startCrowd(count, end);
    return await measure(crowd, end.folder(), end);
  } finally {
    await end.run();
  }
}
