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
  async *run({ isQuick, hosts, held }) {
    yield* onCrowd(hosts, async function* (crowd, folder, end) {
      // What it leaves behind is what the next starts from.
      yield* measureRest(crowd, folder, isQuick);
      yield await measureFirstFrame(crowd, folder, isQuick, end);
      yield await measureHeap(crowd, folder, isQuick, end);
    });
    yield* onCrowd(held, async function* (crowd, folder, end) {
      yield await measureKeys(crowd, folder, isQuick, end);
    });
  },
};

async function* onCrowd(
  count: number,
  measure: (crowd: Crowd, folder: string, end: Cleanup) => AsyncIterable<Outcome>,
): AsyncIterable<Outcome> {
  const end = createCleanup();
  try {
    const crowd = await startCrowd(count, end);
    yield* measure(crowd, end.folder(), end);
  } finally {
    await end.run();
  }
}
