import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { memoryPath, writeMemory } from "../../../src/memory/memory.ts";
import { nothingKnown } from "../../../src/memory/remembered.ts";
import { pause } from "../terminal/fake-terminal.ts";
import { hasTmux, openPane, type Pane } from "./in-tmux.ts";

const root = new URL("../../../", import.meta.url).pathname;
// In the checkout: packages are looked for from there.
let bundle: string;

beforeAll(async () => {
  if (!hasTmux) return;
  bundle = mkdtempSync(join(root, "node_modules", ".scrap-test-"));
  await build({
    entryPoints: { main: join(root, "src/main.ts") },
    outdir: bundle,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
});
afterAll(() => {
  if (bundle) rmSync(bundle, { recursive: true, force: true });
});

const scrap = () => `'${process.execPath}' '${join(bundle, "main.mjs")}'`;

/** The processes that run in the pane, by the name of their script. */
const pidsOf = (folder: string, script = "main.mjs"): readonly number[] =>
  readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const isOurs = readFileSync(`/proc/${name}/environ`, "utf8").includes(`HOME=${folder}`);
      return isOurs && readFileSync(`/proc/${name}/cmdline`, "utf8").includes(script) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });

async function openDemo(): Promise<Pane> {
  const pane = openPane();
  pane.send(`stty -a > "$HOME/before"; ${scrap()} demo --story calm; echo "left with $?"`, "Enter");
  await pane.sees(/> gate .*● ok/);
  return pane;
}

async function expectSane(pane: Pane) {
  pane.send('stty -a > "$HOME/after"; cmp "$HOME/before" "$HOME/after" && echo same', "Enter");
  await pane.sees(/^(?:\S )?same$/m);
  expect(pane.get("#{alternate_on} #{cursor_flag} #{mouse_any_flag}")).toBe("0 1 0");
}

describe.skipIf(!hasTmux)("in a real terminal (needs tmux)", () => {
  it("shows the demo, follows the size, and leaves the terminal as it was", async () => {
    const pane = await openDemo();
    expect(pane.get("#{alternate_on}")).toBe("1");
    pane.resize(120, 40);
    await pane.sees(/─{110}/);
    pane.resize(50, 12);
    await pane.sees("SCRAP needs 60×15.");
    pane.resize(80, 24);
    await pane.sees(/> gate /);
    pane.send("q");
    await pane.sees("left with 0");
    await expectSane(pane);
    expect(pidsOf(pane.folder)).toEqual([]);
  });

  it("goes into the background and comes back with all on it", async () => {
    const pane = await openDemo();
    pane.send("j", "C-z");
    await pane.sees(/Stopped/i);
    expect(pane.get("#{alternate_on}")).toBe("0");
    pane.send("fg", "Enter");
    await pane.sees(/> nas /);
    pane.send("j");
    await pane.sees(/> cube /);
    pane.send("q");
    // The shell has said how it ended when it was stopped.
    await vi.waitFor(() => expect(pane.get("#{alternate_on}")).toBe("0"), { timeout: 8_000 });
    await expectSane(pane);
  });

  it("ends at SIGTERM with the terminal as it was", async () => {
    const pane = await openDemo();
    const [pid] = pidsOf(pane.folder);
    process.kill(pid ?? 0, "SIGTERM");
    await pane.sees("left with 130");
    await expectSane(pane);
  });

  it("ends when its terminal is closed", async () => {
    const pane = await openDemo();
    expect(pidsOf(pane.folder)).toHaveLength(1);
    pane.kill();
    await vi.waitFor(() => expect(pidsOf(pane.folder)).toEqual([]), { timeout: 8_000 });
  });

  it("leaves at once, though the inventory is still being read", { timeout: 40_000 }, async () => {
    const pane = openPane();
    const file = join(pane.folder, "hosts.ini");
    writeFileSync(file, "nas\n", { mode: 0o600 });
    writeFileSync(join(pane.folder, "ansible-inventory"), "#!/bin/sh\nexec sleep 61\n", { mode: 0o755 });
    writeMemory(memoryPath(file, {}, pane.folder), "0.0.0-source", {
      title: "closet",
      places: new Map(),
      homelab: nothingKnown(["nas"]),
    });
    pane.send(`PATH=${pane.folder}:$PATH ${scrap()} --inventory ${file}; echo "left with $?"`, "Enter");
    await pane.sees(/> nas /);
    await vi.waitFor(() => expect(pidsOf(pane.folder, "sleep")).toHaveLength(1), { timeout: 8_000 });
    pane.send("q");
    await pane.sees("left with 0");
    expect(pidsOf(pane.folder, "sleep")).toEqual([]);
  });

  it("shows at the next start what was known, though no host answers", { timeout: 120_000 }, async () => {
    const pane = openPane();
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const at = (line: string) => `version: 1\nhosts:\n  hole: ${line}\n`;
    const file = join(pane.folder, "inventory.yaml");
    const start = `${scrap()} --inventory inventory.yaml; echo "left with $?"`;
    try {
      writeFileSync(file, at("{ transport: local }"), { mode: 0o600 });
      pane.send(`cd ${pane.folder}`, "Enter");
      // Only what told everything is remembered: how long that takes depends on the machine.
      const remembers = () => existsSync(join(pane.folder, ".cache/scrap/last-known"));
      for (let seconds = 4; seconds < 40 && !remembers(); seconds *= 2) {
        pane.send(`clear; ${start}`, "Enter");
        await pane.sees(/> hole .*\d+%/);
        await pause(seconds * 1000);
        pane.send("q");
        await pane.sees("left with 0");
      }
      expect(remembers()).toBe(true);
      writeFileSync(file, at(`{ address: 127.0.0.1, port: ${port}, user: nobody, transport: ssh2 }`));
      pane.send(`clear; ${start}`, "Enter");
      await pane.sees(/> hole .*\d+% .*(now|ago)/);
      pane.send("q");
      await pane.sees("left with 0");
    } finally {
      silent.close();
    }
  });
});
