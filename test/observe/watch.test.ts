import { afterEach, beforeEach, expect, it, vi } from "vitest";
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
