import { expect, it, vi } from "vitest";
import type { Observer } from "../../src/observe/observer.ts";
import { createRota } from "../../src/observe/rota.ts";

/** An observer that tells who is watched, asked once or forgotten. */
function createFakeObserver() {
  const watched: string[] = [];
  const calls: string[] = [];
  const observer: Observer = {
    once: async (hosts) => void calls.push(`once ${hosts.join(" ")}`),
    watch: (hosts, signal) =>
      new Promise((resolve) => {
        watched.push(...hosts);
        signal.addEventListener("abort", () => {
          for (const host of hosts) watched.splice(watched.indexOf(host), 1);
          resolve();
        });
      }),
    forget: (hosts) => void calls.push(`forget ${hosts.join(" ")}`),
  };
  return { observer, watched, calls };
}

function createTestRota(release: (host: string) => Promise<void> = async () => {}) {
  const fake = createFakeObserver();
  const fail = vi.fn();
  const { observer } = fake;
  const rota = createRota({ hosts: ["nas", "pi"], observer, release, patienceMs: 1000, fail });
  rota.start();
  return { ...fake, rota, fail };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

it("asks one host anew and leaves the others alone", async () => {
  const { rota, watched, calls } = createTestRota();
  expect(watched).toEqual(["nas", "pi"]);
  rota.refresh(["nas"]);
  await settled();
  expect(watched).toEqual(["pi", "nas"]);
  expect(calls).toEqual(["forget nas"]);
});

it("stays paused when a host is asked anew", async () => {
  const { rota, watched, calls } = createTestRota();
  rota.setPaused(true);
  expect(watched).toEqual([]);
  rota.refresh(["pi"]);
  await settled();
  expect(watched).toEqual([]);
  expect(calls).toEqual(["forget pi", "once pi"]);
  rota.setPaused(false);
  expect(watched).toEqual(["nas", "pi"]);
});

it("begins no watch after its end, however late a link closes", async () => {
  const link = Promise.withResolvers<void>();
  const { rota, watched, calls } = createTestRota(() => link.promise);
  rota.refresh(["nas"]);
  rota.end();
  link.resolve();
  await settled();
  rota.setPaused(false);
  expect(watched).toEqual([]);
  expect(calls).toEqual([]);
});

it("tells of a bug", async () => {
  const bug = new Error("on purpose");
  const { rota, fail } = createTestRota(() => Promise.reject(bug));
  rota.refresh(["nas"]);
  await settled();
  expect(fail).toHaveBeenCalledExactlyOnceWith(bug);
});
