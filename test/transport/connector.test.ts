import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { UnreachableError, type UnreachableReason } from "../../src/errors.ts";
import { createConnector } from "../../src/transport/connector.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** At how many minutes a host was tried by somebody who asks for it every second of a day. */
async function minutesOfTries(reason: UnreachableReason): Promise<readonly number[]> {
  const start = Date.now();
  const tries: number[] = [];
  const connector = createConnector(() => {
    tries.push((Date.now() - start) / 60_000);
    return Promise.reject(new UnreachableError(reason, "no"));
  });
  for (let second = 0; second < 24 * 3600; second++) {
    await connector.connect().catch(() => {});
    vi.setSystemTime(Date.now() + 1000);
  }
  return tries;
}

it.each(["auth", "incompatible"] as const)(
  "a host that says no (%s) is tried again, and never so often that it bans us",
  async (reason) => {
    const tries = await minutesOfTries(reason);
    expect(tries.length).toBeGreaterThan(20);
    for (const first of tries)
      expect(tries.filter((at) => at >= first && at < first + 10).length).toBeLessThan(4);
  },
);

it("a host that does not answer is tried again within a minute or so", async () => {
  const tries = await minutesOfTries("timeout");
  for (const [at, time] of tries.slice(1).entries()) expect(time - (tries[at] ?? 0)).toBeLessThan(1.1);
});

it.each(["config", "host-key"] as const)("what only a person can mend (%s) is tried once", async (reason) => {
  expect(await minutesOfTries(reason)).toEqual([0]);
});
