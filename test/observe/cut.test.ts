import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Backend } from "../../src/backends/contract.ts";
import { defineProbe } from "../../src/backends/probe.ts";
import { command } from "../../src/command/command.ts";
import { systemd } from "../simple-hosts.ts";
import { createFakeLab, down, lost, up } from "./fake-lab.ts";

const second = defineProbe({
  id: "second.answer",
  question: command("second"),
  freshMs: 1000,
  sees: "the second answer",
  parse: ({ stdout }) => stdout,
});
const other: Backend = { ...systemd, id: "second", probes: () => [second], resources: () => [] };
const labOfOne = () => createFakeLab("hosts: { a: {} }", { backends: [systemd, other] });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a connection that is cut in the middle of a round", () => {
  it("leaves no host that is well", async () => {
    const lab = await labOfOne();
    const a = lab.link("a");
    a.is.says = async (program) => {
      if (program !== "second") return "{}";
      a.become(down("a"));
      throw lost("a");
    };
    await lab.once();
    expect(lab.host("a").state).toBe("unreachable");
    // It is let in again, and what it had been asked was not answered.
    a.become(up());
    await vi.advanceTimersByTimeAsync(100);
    expect(lab.host("a").state).not.toBe("ok");
  });

  it("keeps what was known, and asks again soon", async () => {
    const lab = await labOfOne();
    const a = lab.link("a");
    a.is.says = () => "{}";
    const stop = new AbortController();
    void lab.watch(stop.signal);
    await vi.advanceTimersByTimeAsync(100);
    expect(lab.host("a").state).toBe("ok");
    const knownAt = lab.host("a").probes["second.answer"]?.seenAt;
    a.is.says = async () => {
      a.become(down("a"));
      throw lost("a");
    };
    await vi.advanceTimersByTimeAsync(2000);
    expect(lab.host("a").state).toBe("unreachable");
    expect(lab.host("a").probes["second.answer"]).toEqual({ status: "known", seenAt: knownAt });
    a.is.says = () => "{}";
    await vi.advanceTimersByTimeAsync(6000);
    expect(lab.host("a").state).toBe("ok");
    stop.abort();
  });
});

it("a host that hangs on one question is not well, however often it is asked", async () => {
  const lab = await labOfOne();
  const a = lab.link("a");
  a.is.says = (program) => (program === "second" ? new Promise(() => {}) : "{}");
  const stop = new AbortController();
  void lab.watch(stop.signal);
  await vi.advanceTimersByTimeAsync(5000);
  // The others are asked on.
  expect(a.asked.filter((asked) => asked === "list-units").length).toBeGreaterThan(2);
  expect(a.asked.filter((asked) => asked === "second")).toHaveLength(1);
  expect(lab.host("a").state).toBe("unknown");
  stop.abort();
});

it("a host that is tried again is as unreachable as before, until it lets us in", async () => {
  const lab = await labOfOne();
  const a = lab.link("a");
  a.is.open = async () => {
    a.become({ status: "connecting", since: new Date() });
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    if (blackHole) {
      a.become(down("a"));
      throw lost("a");
    }
  };
  let blackHole = true;
  const stop = new AbortController();
  void lab.watch(stop.signal);
  const states = new Set<string>();
  await vi.advanceTimersByTimeAsync(11_000);
  for (let at = 0; at < 60; at++) {
    await vi.advanceTimersByTimeAsync(500);
    states.add(lab.host("a").state);
  }
  expect([...states]).toEqual(["unreachable"]);
  blackHole = false;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(lab.host("a").state).toBe("ok");
  stop.abort();
});
