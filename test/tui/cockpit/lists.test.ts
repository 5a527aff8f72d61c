import { beforeAll, expect, it, vi } from "vitest";
import type { Homelab } from "../../../src/model/homelab.ts";
import { createDating } from "../../../src/model/since.ts";
import { keys, openOn, pointed } from "./open.ts";
import { type RecordedHomelab, readRecordedHomelab, recordedAt } from "./recorded-homelab.ts";
import { beginAt } from "./shift-clock.ts";

beginAt(recordedAt);

let lab: RecordedHomelab;
beforeAll(async () => {
  lab = await readRecordedHomelab();
});

const without = (name: string): Homelab => ({
  hosts: lab.homelab.hosts.filter((host) => host.name !== name),
  services: lab.homelab.services.filter(({ host }) => host !== name),
  resources: lab.homelab.resources.filter(({ host }) => host !== name),
});

/** The names of the rows that are seen, from top to bottom. */
const names = (screen: string): readonly string[] =>
  screen.split("\n").flatMap((row) => /^[> ][* ](\S+) +.*[●▲✖?◌] /.exec(row)?.[1] ?? []);

it("moves by keys, and stays on the screen at both ends", async () => {
  const { type } = await openOn(lab);
  expect(pointed(await type())).toContain("vps1");
  expect(pointed(await type("j"))).toContain("nas");
  expect(pointed(await type(keys.down, keys.down))).toContain("vps2");
  expect(pointed(await type("jjjjjjjjjj"))).toContain("old");
  expect(pointed(await type(keys.up))).toContain("pi");
  expect(pointed(await type("g"))).toContain("vps1");
  expect(pointed(await type("k"))).toContain("vps1");
  expect(pointed(await type("G"))).toContain("old");
});

it("begins at the worst host, and follows nothing afterwards", async () => {
  const coming = {
    ...lab.homelab,
    hosts: lab.homelab.hosts.map((host) => ({ ...host, state: "unknown" as const, problems: [] })),
  };
  const { type, source, seen } = await openOn({ ...lab, homelab: coming }, { untouched: true });
  const answered = (...names: readonly string[]) =>
    lab.homelab.hosts.map((host, index) =>
      names.includes(host.name) ? host : (coming.hosts[index] ?? host),
    );
  expect(pointed(await seen())).toContain("vps1");
  source.show({ ...lab.homelab, hosts: answered("vps1", "nas") });
  await vi.waitFor(async () => expect(pointed(await seen())).toContain("nas"), 5_000);
  source.show({ ...lab.homelab, hosts: answered("vps1", "nas", "store") });
  await vi.waitFor(async () => expect(pointed(await seen())).toContain("store"), 5_000);
  expect(pointed(await type("k"))).toContain("nas");
  source.show(lab.homelab);
  await vi.waitFor(async () => expect(await seen()).toContain("unreachable"), 5_000);
  expect(pointed(await seen())).toContain("nas");
});

it("begins at the worst host of the last time, before anybody answered", async () => {
  const { seen } = await openOn(lab, { untouched: true });
  expect(pointed(await seen())).toMatch(/old +✖ unreachable/);
});

it("begins at the first host where all is well", async () => {
  const hosts = lab.homelab.hosts.filter(({ state }) => state === "ok");
  const { seen } = await openOn({ ...lab, homelab: { ...lab.homelab, hosts } }, { untouched: true });
  expect(pointed(await seen())).toContain("vps1");
});

it("stays on its row while rows come, go and are sorted anew", async () => {
  const { type, source, seen } = await openOn(lab);
  expect(pointed(await type("jj"))).toContain("store");
  source.show(without("vps1"));
  await vi.waitFor(async () => expect(names(await seen())).not.toContain("vps1"), 5_000);
  expect(pointed(await seen())).toContain("store");
  source.show({ ...lab.homelab, hosts: lab.homelab.hosts.toReversed() });
  await vi.waitFor(async () => expect(names(await seen())[0]).toBe("old"), 5_000);
  expect(pointed(await seen())).toContain("store");
  const sorted = await type("s");
  expect(sorted).toContain("HOST↑");
  expect(pointed(sorted)).toContain("store");
});

it("stays on the first row when it is sorted before anybody moved", async () => {
  const { type } = await openOn(lab);
  expect(pointed(await type("s"))).toContain("vps1");
});

it("stays at its height when its host is gone, and finds it again when that comes back", async () => {
  const { type, source, seen } = await openOn(lab);
  expect(pointed(await type("jj"))).toContain("store");
  source.show(without("store"));
  await vi.waitFor(async () => expect(names(await seen())).not.toContain("store"), 5_000);
  expect(pointed(await seen())).toContain("vps2");
  source.show(lab.homelab);
  await vi.waitFor(async () => expect(names(await seen())).toContain("store"), 5_000);
  expect(pointed(await seen())).toContain("store");
});

it("is empty when all hosts are gone, and survives every key", async () => {
  const { type, source, seen, isOver } = await openOn(lab);
  await type("j");
  source.show({ hosts: [], services: [], resources: [] });
  await vi.waitFor(async () => expect(await seen()).toContain("No host in this inventory."), 5_000);
  await type("j", "k", "G", "g", " ", "v", "*", "s", "o", "d", "y", "l", "c", "x", keys.enter, "]");
  await type("a", keys.esc, ":", keys.esc, "?", keys.esc);
  expect(isOver()).toBe(false);
});

it.each([
  ["nas", ["nas"]],
  ["vps", ["vps1", "vps2"]],
  ["!vps", ["nas", "store", "pi", "old"]],
  ["health:unreach", ["old"]],
  ["!health:ok", ["nas", "store", "vps2", "old"]],
  ["battery", ["nas"]],
  ["host:vps1", ["vps1"]],
  ["kind:host !host:vps1 vps", ["vps2"]],
  ["kind:disk", []],
  ["!", ["vps1", "nas", "store", "vps2", "pi", "old"]],
])("filters by %s", async (filter, wanted) => {
  const { type } = await openOn(lab);
  expect(names(await type("/", filter))).toEqual(wanted);
  expect(names(await type(keys.enter))).toEqual(wanted);
  expect(names(await type(keys.esc))).toHaveLength(6);
});

it.each([
  ["health:bad", "health is one of ok, warning, degraded, failed"],
  ["vps kind:foo", "kind is one of host, service"],
  ["host:nowhere", "host is one of vps1, nas, store, vps2, pi, old"],
])("refuses %s, which nothing can be, and says what there is", async (filter, possible) => {
  const { type } = await openOn(lab, { size: { columns: 120, rows: 30 } });
  await type("/", "vps", keys.enter);
  const typing = await type("/", keys.ctrlU, filter);
  expect(typing).toContain(possible);
  const refused = await type(keys.enter);
  expect(refused.split("\n").at(-1)).toContain(possible);
  expect(names(refused)).toEqual(["vps1", "vps2"]);
});

it("goes to the next and the one before of what was looked for, when all rows are back", async () => {
  const { type } = await openOn(lab);
  expect((await type("n")).split("\n").at(-1)).toContain("Nothing was looked for.");
  await type("/", "vps", keys.enter);
  expect(pointed(await type("n"))).toContain("vps2");
  await type(keys.esc, "g");
  expect(pointed(await type("n"))).toContain("vps2");
  expect((await type("n")).split("\n").at(-1)).toContain("no other row below matches vps");
  expect(pointed(await type("N"))).toContain("vps1");
});

it("filters fuzzily", async () => {
  const { type } = await openOn(lab);
  await type("3", "/", "mlimp", keys.enter);
  const found = names(await type());
  expect(found).toContain("mail-imap");
  expect(found).not.toContain("web");
});

it("gives the filter back as it was when typing is broken off", async () => {
  const { type } = await openOn(lab);
  await type("/", "vps", keys.enter);
  expect(names(await type("/", "zzz"))).toEqual([]);
  expect(names(await type(keys.esc))).toEqual(["vps1", "vps2"]);
});

it("shows a long filter without losing the rest of the frame", async () => {
  const { type } = await openOn(lab);
  const screen = await type("/", keys.paste("long ".repeat(60)), keys.enter);
  expect(screen).toContain("by zone");
  expect(screen.split("\n").at(-1)).toContain("! problems");
  expect(screen).toContain("None of 6 matches");
});

it("takes what is pasted into a filter for text, and elsewhere for nothing", async () => {
  const { type, isOver } = await openOn(lab);
  await type(keys.paste("qqqGjW\r\x03"));
  expect(isOver()).toBe(false);
  expect(pointed(await type())).toContain("vps1");
  await type("/", keys.paste("health:\u{202e}un\x1b[31mreach\r\n"));
  const screen = await type();
  expect(names(screen)).toEqual([]);
  expect(screen).toContain("filter: health:un");
  expect(screen).not.toMatch(/\u{202e}/u);
  await type(keys.ctrlU);
  expect(names(await type(keys.paste("vps\r")))).toEqual(["vps1", "vps2"]);
});

it("shows only problems, of every kind, with the reason in words and since when", async () => {
  const date = createDating(undefined);
  const homelab = date(lab.homelab, new Date(Date.now() - 20 * 60_000));
  const { type } = await openOn({ ...lab, homelab }, { size: { columns: 140, rows: 40 } });
  const problems = await type("!");
  expect(problems).toContain("problems only");
  expect(problems).toMatch(/nas +ups +▲ rack is on battery.* > 20 min$/m);
  expect(problems).toMatch(/store +pool +✖ tank is degraded/);
  // As systemd has it.
  expect(problems).toMatch(/vps2 +service +✖ ledger: failed: exit status 3 .* \d\d min$/m);
  expect(problems).toMatch(/old +host +✖ unreachable: refused the connection/);
  expect(names(await type("/", "kind:pool", keys.enter))).toEqual(["store"]);
  expect(await type(keys.enter)).toContain("pool tank on store");
  await type(keys.esc, keys.esc);
  expect(names(await type("!"))).toHaveLength(6);
});

it("stays at a host when it goes to its problems and back", async () => {
  const { type } = await openOn(lab);
  expect(pointed(await type("jj"))).toContain("store");
  expect(pointed(await type("!"))).toContain("tank is degraded");
  expect(pointed(await type(keys.esc))).toMatch(/^> store/);
});

it("shows all of a problem although columns of hosts were chosen", async () => {
  const { type } = await openOn(lab, { preferences: { columns: { fleet: ["HOST"] } } });
  expect(await type("!")).toContain("tank is degraded");
});

it("says that nothing is wrong where nothing is", async () => {
  const hosts = lab.homelab.hosts.filter(({ problems }) => problems.length === 0);
  const { type } = await openOn({ ...lab, homelab: { ...lab.homelab, hosts } });
  expect(await type("!")).toContain("No problem is known.");
});

it("marks, marks a range, inverts, and forgets by escape", async () => {
  const { type } = await openOn(lab);
  const marked = (screen: string) => screen.split("\n").flatMap((row) => /^[> ]\*(\S+)/.exec(row)?.[1] ?? []);
  expect(marked(await type(" "))).toEqual(["vps1"]);
  expect(marked(await type("jj", "v"))).toEqual(["vps1", "nas", "store", "vps2"]);
  expect(await type()).toContain("4 marked");
  expect(marked(await type("*"))).toEqual(["pi", "old"]);
  expect(marked(await type(keys.esc))).toEqual([]);
});

it("marks no disk on the list of pools", async () => {
  const { type, source } = await openOn(lab);
  const disks = await type("4", " ", " ");
  expect(disks).toContain("2 marked");
  const pools = await type("]");
  expect(pools).not.toContain("marked");
  await type("R");
  expect(source.refresh).toHaveBeenLastCalledWith(["vps1", "nas", "store", "vps2", "pi", "old"]);
  expect(await type("c")).toContain("copied: md0");
  expect(await type("[")).toContain("2 marked");
});

it("sorts by one column after the other, both ways, and back to its own order", async () => {
  const { type } = await openOn(lab, { size: { columns: 120, rows: 30 } });
  await type("]", "]");
  expect(names(await type("s"))).toEqual(["nas", "old", "pi", "store", "vps1", "vps2"]);
  const down = await type("s");
  expect(down).toContain("HOST↓");
  expect(names(down)).toEqual(["vps2", "vps1", "store", "pi", "old", "nas"]);
  expect(names(await type("s"))[0]).toBe("old");
  const load = await type("s", "s");
  expect(load).toContain("LOAD↑");
  expect(names(load)).toEqual(["store", "vps1", "pi", "nas", "vps2", "old"]);
  expect(names(await type("o"))).toEqual(["vps2", "nas", "pi", "vps1", "store", "old"]);
});

it("sorts only by columns that are seen", async () => {
  const { type } = await openOn(lab);
  const seen: string[] = [];
  for (let press = 0; press < 30; press++) {
    const titles = (await type("s")).split("\n")[2] ?? "";
    seen.push(/\S+[↑↓]/.exec(titles)?.[0] ?? "none");
    if (seen.at(-1) === "none") break;
  }
  expect(seen).toEqual([
    ...["HOST", "STATE", "LOAD", "MEM", "DISK", "SERVICES", "SEEN"].flatMap((title) => [
      `${title}↑`,
      `${title}↓`,
    ]),
    "none",
  ]);
});

it("goes through tabs by brackets and tab, round and round", async () => {
  const { type } = await openOn(lab, { env: { NO_COLOR: "1" } });
  expect(await type("4")).toContain("[disks]");
  expect(await type("]")).toContain("[arrays and pools]");
  expect(await type(keys.tab)).toContain("[file systems]");
  expect(await type("]")).toContain("[disks]");
  expect(await type("[")).toContain("[file systems]");
  expect(await type("1", "4")).toContain("[file systems]");
});
