import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMemory, writeMemory } from "../../src/memory/memory.ts";
import type { Homelab, KnownHost } from "../../src/model/homelab.ts";
import type { Known } from "../../src/model/resources.ts";
import type { KnownService } from "../../src/model/services.ts";
import { folderWith } from "../inventory/files.ts";

const seenAt = new Date("2026-03-04T05:06:07Z");

// Only what the memory looks at: the rest is kept as it is.
const unit = (name: string, more: object = {}) =>
  ({ id: `nas/systemd/unit/${name}`, host: "nas", name, health: "ok", seenAt, ...more }) as unknown as Known;
const web = unit("web.service");
const homelab: Homelab = {
  hosts: [{ name: "nas", state: "ok", seenAt, link: { status: "idle" }, probes: {} } as unknown as KnownHost],
  services: [
    { id: "nas/inventory/service/web", host: "nas", seenAt, parts: [web], uses: [web] },
  ] as unknown as KnownService[],
  resources: [
    web,
    unit("cron.service", { background: true }),
    unit("ntp.service", { background: true, health: "failed" }),
  ],
};

const version = "1.2.3";

test("what was known is known again, with its age and its parts", () => {
  const file = join(folderWith({}), "cache/last.json");
  writeMemory(file, version, { title: "home", places: new Map([["nas", { zone: "closet" }]]), homelab });
  const memory = readMemory<{ zone: string }>(file, version);
  expect(memory?.title).toBe("home");
  expect(memory?.places.get("nas")).toEqual({ zone: "closet" });
  expect(memory?.homelab.hosts).toEqual(homelab.hosts);
  const [service] = memory?.homelab.services ?? [];
  expect(service?.seenAt).toEqual(seenAt);
  expect(service?.parts).toEqual([web]);
  expect(service?.parts[0]).toBe(memory?.homelab.resources[0]);
});

test("what is well and of no interest is not kept", () => {
  const file = join(folderWith({}), "last.json");
  writeMemory(file, version, { title: "home", places: new Map(), homelab });
  const names = readMemory(file, version)?.homelab.resources.map(({ name }) => name);
  expect(names).toEqual(["web.service", "ntp.service"]);
});

test.each([
  ["nothing", undefined],
  ["no JSON", "{hosts:"],
  ["another version", '{"version":0}'],
])("there is no memory in %s", (_, text) => {
  const file = join(folderWith({}), "last.json");
  if (text !== undefined) writeFileSync(file, text);
  expect(readMemory(file, version)).toBeUndefined();
});
