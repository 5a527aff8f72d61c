import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { UnreachableError } from "../../src/errors.ts";
import { memoryPath, readMemory, writeMemory } from "../../src/memory/memory.ts";
import { mergeRemembered } from "../../src/memory/remembered.ts";
import type { Homelab, KnownHost } from "../../src/model/homelab.ts";
import type { Place } from "../../src/tui/view/lab.ts";
import { folderWith } from "../inventory/files.ts";
import { plain } from "../tui/cockpit/fits.ts";
import { type RecordedHomelab, readRecordedHomelab, recordedAt } from "../tui/cockpit/recorded-homelab.ts";
import { beginAt } from "../tui/cockpit/shift-clock.ts";
import { openStage } from "../tui/cockpit/stage.ts";

beginAt(recordedAt);

let lab: RecordedHomelab;
beforeAll(async () => {
  lab = await readRecordedHomelab();
});

const title = "closet";
const version = "1.2.3";

function remember(homelab: Homelab) {
  const file = join(folderWith({}), "deep", "closet.json");
  writeMemory<Place>(file, version, { title, places: lab.places, homelab });
  const memory = readMemory<Place>(file, version);
  if (!memory) throw new Error("it was forgotten");
  return { file, memory };
}

/** A start later nobody has answered yet. */
const nobodyYet = (homelab: Homelab, link: KnownHost["link"] = { status: "idle" }): Homelab => ({
  hosts: homelab.hosts.map(({ name }) => ({
    name,
    state: link.status === "down" ? "unreachable" : "unknown",
    link,
    problems:
      link.status === "down"
        ? [{ severity: "failed", kind: "host", resource: name, message: link.error.message }]
        : [],
    unseen: [],
    facts: {},
    probes: {},
  })),
  services: homelab.services.map(({ seenAt: _, ...service }) => ({ ...service, parts: [], uses: [] })),
  resources: [],
});

const earlier = (homelab: Homelab, ms: number): Homelab => ({
  ...homelab,
  hosts: homelab.hosts.map((host) => ({ ...host, seenAt: new Date(Date.now() - ms) })),
});

describe("the memory of a homelab", () => {
  it("brings back what was seen, for nobody else's eyes", () => {
    const { file, memory } = remember(lab.homelab);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(existsSync(`${file}.new`)).toBe(false);
    expect(memory.title).toBe(title);
    expect(memory.places).toEqual(lab.places);
    const names = (homelab: Homelab) => homelab.hosts.map(({ name, state }) => `${name} ${state}`);
    expect(names(memory.homelab)).toEqual(names(lab.homelab));
    const mail = memory.homelab.services.find(({ service }) => service.name === "mail");
    expect(mail?.parts.map(({ name }) => name)).toContain("mail-imap");
    const upsIn = ({ resources }: Homelab) => resources.find(({ kind }) => kind === "ups");
    expect(upsIn(memory.homelab)).toEqual({ ...upsIn(lab.homelab), due: undefined });
  });

  it.each([
    "",
    "{",
    "[]",
    "null",
    '{"version":1,"hosts":[],"services":[],"resources":[],"places":[],"title":""}',
    '{"version":"1.2.3"}',
    '{"version":"1.2.3","hosts":3,"resources":[]}',
  ])("knows nothing from %j", (text) => {
    const file = join(folderWith({}), "memory.json");
    writeFileSync(file, text);
    expect(readMemory(file, version)).toBeUndefined();
  });

  it("knows nothing from another version of the program", () => {
    const { file } = remember(lab.homelab);
    expect(readMemory(file, version)).toBeDefined();
    expect(readMemory(file, "1.2.4")).toBeUndefined();
  });

  it("is silent where it cannot be read or written", () => {
    expect(readMemory("/nowhere/at/all.json", version)).toBeUndefined();
    const folder = folderWith({ file: "" });
    writeMemory(join(folder, "file", "in", "a", "file.json"), version, {
      title,
      places: new Map(),
      homelab: lab.homelab,
    });
  });

  it("is one for each inventory, in the cache", () => {
    const one = memoryPath("/a/inventory.yaml", { XDG_CACHE_HOME: "/cache" }, "/home/alice");
    expect(one).toMatch(/^\/cache\/scrap\/last-known\/[0-9a-f]{16}\.json$/);
    expect(memoryPath("/b/inventory.yaml", { XDG_CACHE_HOME: "/cache" }, "/home/alice")).not.toBe(one);
    expect(memoryPath("/a/inventory.yaml", { XDG_CACHE_HOME: "cache" }, "/home/alice")).toMatch(
      /^\/home\/alice\/\.cache\/scrap/,
    );
  });
});

describe("the first picture", () => {
  const draw = (homelab: Homelab, ...keys: readonly string[]) => {
    const stage = openStage({ homelab, places: lab.places }, { columns: 120, rows: 40 });
    stage.press(...keys);
    return plain(stage.rows()).join("\n");
  };

  it("shows every host with its age before anybody answered", () => {
    const { memory } = remember(earlier(lab.homelab, 3 * 60_000));
    const merged = mergeRemembered(nobodyYet(lab.homelab), memory.homelab, () => false);
    for (const picture of [draw(memory.homelab), draw(merged)]) {
      expect(picture).toMatch(/vps1 .*● ok .* 3 min ago$/m);
      expect(picture).toMatch(/nas .*▲ rack is on battery.* 3 min ago$/m);
    }
    expect(draw(merged, "4")).toMatch(/loop2 .*vps1.* 48 min ago/);
    expect(draw(merged, "2")).toContain("mail-imap.service");
  });

  it("says of a host that is away since when, why and when it is tried again, beside how it was", () => {
    const { memory } = remember(earlier(lab.homelab, 2 * 86_400_000));
    const error = new UnreachableError("timeout", "vps1 did not answer in 10 s.");
    const link = {
      status: "down",
      since: new Date(Date.now() - 12_000),
      retryAt: new Date(Date.now() + 22_000),
      error,
    } as const;
    const picture = draw(mergeRemembered(nobodyYet(lab.homelab, link), memory.homelab, () => false));
    expect(picture).toMatch(/vps1 +✖ unreachable: did not answer in 10 s .* 27% .* 2 d ago$/m);
    const page = draw(
      mergeRemembered(nobodyYet(lab.homelab, link), memory.homelab, () => false),
      "enter",
    );
    expect(page).toContain("vps1 did not answer in 10 s.");
    expect(page).toMatch(/unreachable +12 s now/);
    expect(page).toMatch(/tried again +in 22 s/);
  });

  it("takes what is answered for what was remembered, host by host", () => {
    const { memory } = remember(lab.homelab);
    const merged = mergeRemembered(nobodyYet(lab.homelab), memory.homelab, (host) => host === "nas");
    expect(merged.hosts.find(({ name }) => name === "nas")?.state).toBe("unknown");
    expect(merged.hosts.find(({ name }) => name === "vps1")?.state).toBe("ok");
    expect(merged.resources.some(({ host }) => host === "nas")).toBe(false);
    expect(merged.resources.some(({ host }) => host === "vps1")).toBe(true);
  });

  it("forgets hosts and services that are not in the inventory any more", () => {
    const { memory } = remember(lab.homelab);
    const less = nobodyYet(lab.homelab);
    const merged = mergeRemembered(
      { ...less, hosts: less.hosts.filter(({ name }) => name !== "vps1"), services: less.services.slice(1) },
      memory.homelab,
      () => false,
    );
    expect(merged.hosts.some(({ name }) => name === "vps1")).toBe(false);
    expect(merged.services.some(({ service }) => service.name === "web")).toBe(false);
    expect(merged.resources.some(({ host }) => host === "vps1")).toBe(false);
  });
});
