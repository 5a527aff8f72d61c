import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Backend } from "../../src/backends/contract.ts";
import { defineProbe } from "../../src/backends/probe.ts";
import { command } from "../../src/command/command.ts";
import { systemd } from "../simple-hosts.ts";
import { createFakeLab, up } from "./fake-lab.ts";

const containers = defineProbe({
  id: "docker.containers",
  question: command("docker", "ps"),
  freshMs: 60_000,
  sees: "containers",
  parse: ({ stdout }) => stdout,
});
const rare = defineProbe({
  id: "systemd.rare",
  question: command("rare"),
  freshMs: 24 * 3_600_000,
  sees: "what hardly ever changes",
  parse: ({ stdout }) => stdout,
});
const docker: Backend = {
  ...systemd,
  id: "docker",
  looksFor: { programs: ["docker"], paths: [] },
  detect: ({ programs }) =>
    programs.has("docker") ? { present: true } : { present: false, why: "docker is not installed" },
  probes: () => [containers],
  resources: () => [],
};

const watching = new AbortController();
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  watching.abort();
  vi.useRealTimers();
});

it("sees what is installed while it watches, and asks for nothing that is still fresh", async () => {
  const lab = await createFakeLab("hosts: { a: {} }", {
    backends: [{ ...systemd, probes: (seen) => [...systemd.probes(seen), rare] }, docker],
  });
  const a = lab.link("a");
  const times = (question: string) => a.asked.filter((asked) => asked === question).length;
  void lab.watch(watching.signal);
  await vi.advanceTimersByTimeAsync(5000);
  expect(lab.host("a").probes["docker"]?.status).toBe("absent");
  a.is.programs = ["systemctl", "docker"];
  await vi.advanceTimersByTimeAsync(16 * 60_000);
  expect(lab.host("a").probes["docker.containers"]?.status).toBe("known");
  a.is.programs = ["systemctl"];
  await vi.advanceTimersByTimeAsync(16 * 60_000);
  expect(lab.host("a").probes["docker"]?.status).toBe("absent");
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect([times("rare"), times("look")]).toEqual([1, 7]);
  expect(lab.host("a").state).toBe("ok");
  // Behind a new connection may be another system.
  a.become(up());
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(times("rare")).toBe(2);
});
