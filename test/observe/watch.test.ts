import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TimedOut } from "../../src/errors.ts";
import { createFakeLab } from "./fake-lab.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("a bug at the end of a long round reaches whoever watches", async () => {
  const lab = await createFakeLab("hosts: { a: {}, b: {} }");
  const bug = new TypeError("not foreseen");
  lab.link("a").is.says = () =>
    new Promise((_resolve, reject) => {
      setTimeout(() => reject(bug), 4000);
    });
  const ended = vi.fn();
  void lab.watch(new AbortController().signal).catch(ended);
  await vi.advanceTimersByTimeAsync(3900);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(ended).toHaveBeenCalledExactlyOnceWith(bug);
});

it("a question that fails was seen when it was answered last", async () => {
  const lab = await createFakeLab("hosts: { a: {}, b: {} }");
  const fails = () => {
    throw new TimedOut("list-units was not answered in time");
  };
  lab.link("b").is.says = fails;
  const stop = new AbortController();
  void lab.watch(stop.signal);
  await vi.advanceTimersByTimeAsync(100);
  const answeredAt = lab.host("a").probes["systemd.units"]?.seenAt;
  expect(answeredAt).toBeInstanceOf(Date);
  lab.link("a").is.says = fails;
  await vi.advanceTimersByTimeAsync(3000);
  const why = "list-units was not answered in time";
  expect(lab.host("a").probes["systemd.units"]).toEqual({ status: "failed", seenAt: answeredAt, why });
  expect(lab.host("b").probes["systemd.units"]).toEqual({ status: "failed", why });
  stop.abort();
});
