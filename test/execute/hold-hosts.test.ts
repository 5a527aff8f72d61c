import { afterEach, beforeEach, expect, it } from "vitest";
import type { Work } from "../../src/execute/hands.ts";
import { lockAll } from "../../src/execute/hold-hosts.ts";
import { lookAtJob, submitJob, surveyHost } from "../../src/execute/host-jobs.ts";
import { lockHost, unlockHost } from "../../src/execute/host-locks.ts";
import { createLocalHost, type LocalHost } from "./local-host.ts";

const id = "20261121-1412-upgrade-web-x7k2";
const other = "20261122-0900-restart-db-0000";
let hosts: Record<"a" | "b", LocalHost>;
beforeEach(() => {
  hosts = { a: createLocalHost(), b: createLocalHost() };
});
afterEach(() => {
  for (const { close } of Object.values(hosts)) close();
});

const lockBoth = () =>
  lockAll(
    { id, title: "Upgrade web", hosts: ["b", "a"] } as never,
    {
      transport: { link: (name: "a" | "b") => hosts[name].link },
      owner: "anna@here",
      patienceMs: 0,
    } as unknown as Work,
  );
const holderOf = async (name: "a" | "b") => (await surveyHost(hosts[name].link)).lock?.operation;
async function run(name: "a" | "b", operation: string): Promise<void> {
  const { link } = hosts[name];
  let look = await submitJob(link, { operation, step: "work", owner: "ben@there", text: "true" });
  // A host is not given back while a job of it runs.
  while (look.state.word !== "finished") look = await lookAtJob(link, operation, "work", 0);
}

it("gives back what it took where one host is not to be had, and keeps what it had", async () => {
  await lockHost(hosts.b.link, other, "ben@there", "Restart db");
  await expect(lockBoth()).rejects.toThrow("held by ben@there");
  expect(await holderOf("a")).toBeUndefined();
  await lockHost(hosts.a.link, id, "anna@here", "Upgrade web");
  await expect(lockBoth()).rejects.toThrow("held by ben@there");
  expect(await holderOf("a")).toBe(id);
});

it("tells who changed a host since, and of nobody who only held it", async () => {
  expect(await lockBoth()).toEqual([]);
  await run("a", id);
  for (const name of ["a", "b"] as const) await unlockHost(hosts[name].link, id);
  await lockHost(hosts.a.link, "20261122-0800-stop-db-0000", "ben@there", "Stop db");
  await unlockHost(hosts.a.link, "20261122-0800-stop-db-0000");
  expect(await lockBoth()).toEqual([]);
  await unlockHost(hosts.b.link, id);
  await lockHost(hosts.b.link, other, "ben@there", "Restart the db");
  await run("b", other);
  await unlockHost(hosts.b.link, other);
  for (const _ of ["once", "and until it changes something itself"])
    expect(await lockBoth()).toMatchObject([
      { host: "here", operation: other, owner: "ben@there", title: "Restart the db" },
    ]);
  await run("b", id);
  expect(await lockBoth()).toEqual([]);
});
