import { expect, it } from "vitest";
import { scrap } from "../cli/harness.ts";

const labWith = (data: string) => ({
  inventory: `
version: 1
hosts: { vps1: {}, vps2: {} }
services:
  chat: { home: vps1, runs: { compose: chat }, data: [${data}] }
  notes: { home: vps2, runs: { container: notes }, data: [${data}] }
`,
  hosts: { vps1: ["vps1-snapshots", "vps1-healthy"], vps2: ["vps2-healthy"] },
});

/** The file systems that a service stands on, beside what its containers do. */
async function standsOn(service: string, data: string): Promise<readonly string[]> {
  const { stdout } = await scrap(labWith(data), "get", "services", service, "--json");
  const { uses } = JSON.parse(stdout).resources[0];
  return uses.filter((id: string) => id.includes("/filesystem/"));
}

it.each(["{ volume: chat_db }", "{ volume: db }"])(
  "a volume is where its container has it: %s",
  async (data) => {
    expect(await standsOn("chat", data)).toEqual(["vps1/filesystem/filesystem//"]);
  },
);

it.each(["{ volume: nowhere }", "{ volume: b }"])(
  "a volume that nobody sees is nowhere: %s",
  async (data) => {
    expect(await standsOn("chat", data)).toEqual([]);
  },
);

it("data on another host is looked for there, and so is what that stands on", async () => {
  expect(await standsOn("notes", "{ path: /data/notes }")).toEqual(["vps2/filesystem/filesystem//"]);
  expect(await standsOn("notes", "{ path: /data/notes, on: vps1 }")).toEqual([
    "vps1/filesystem/filesystem//data",
  ]);
  const { stdout } = await scrap(labWith("{ path: /data/notes, on: vps1 }"), "describe", "service", "notes");
  expect(stdout).toContain("vps1/btrfs/pool//data");
  expect(stdout).not.toContain("vps2/filesystem");
});

it("a disk below the data of a service elsewhere has it on it", async () => {
  const lab = labWith("{ path: /data/notes, on: vps1 }");
  const { stdout } = await scrap(lab, "describe", "pool", "vps1/btrfs/pool//data");
  expect(stdout).toContain("vps2/inventory/service/notes");
});
