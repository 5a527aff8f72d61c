import { defineConfig } from "vitest/config";

/** One thing after the other, because a fault on a host is a fault for every test. */
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["test/lab/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 600_000,
    // An emulated host on a busy machine may miss a deadline; what is wrong is wrong twice.
    retry: 1,
    fileParallelism: false,
    sequence: { concurrent: false },
  },
});
