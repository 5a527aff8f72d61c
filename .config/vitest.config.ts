import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: ["test/lab/**", "test/bench/**"],
    testTimeout: 30_000,
    // Some tests wait for real servers: elsewhere than at a desk a busy machine gets a second chance.
    retry: process.env["CI"] ? 1 : 0,
  },
});
