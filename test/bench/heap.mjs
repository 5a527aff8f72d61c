// Loaded into a process of the product by `--import`: on SIGUSR2 writes down how large its heap is after a collection.
import { renameSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

const file = process.env.SCRAP_BENCH_HEAP;

if (isMainThread && file) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  process.on("SIGUSR2", async () => {
    // What only weak references hold goes in a turn of its own.
    for (let time = 0; time < 3; time++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    writeFileSync(`${file}.new`, `${process.memoryUsage().heapUsed}`);
    renameSync(`${file}.new`, file);
  });
}
