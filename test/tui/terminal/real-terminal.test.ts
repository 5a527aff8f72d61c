import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pause } from "./fake-terminal.ts";
import { missingTmux, openTmux, type Tmux } from "./tmux.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const outdir = join(root, "node_modules/.cache", `tiny-program-${process.pid}`);

describe.skipIf(missingTmux !== undefined)(missingTmux ?? "in a real terminal", () => {
  let tmux: Tmux;
  let modesBefore: string;

  beforeAll(async () => {
    await build({
      entryPoints: [join(root, "test/tui/terminal/tiny-program.tsx")],
      outdir,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      jsx: "automatic",
      external: ["react-devtools-core"],
      outExtension: { ".js": ".mjs" },
      define: { "process.env.NODE_ENV": '"production"' },
      banner: {
        js: 'import { createRequire as __c } from "node:module"; const require = __c(import.meta.url);',
      },
    });
  });
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  beforeEach(async () => {
    tmux = openTmux();
    await tmux.see(/shell>/);
    modesBefore = await modes();
    tmux.send(`clear; echo before; ${process.execPath} ${join(outdir, "tiny-program.mjs")}`, "Enter");
    await tmux.see(/tiny program/);
  });
  afterEach(() => tmux.kill());

  async function modes(): Promise<string> {
    tmux.send("clear; stty -g; echo asked", "Enter");
    return /^([\da-f]+:[\da-f:]+)$/m.exec(await tmux.see(/^asked/m))?.[1] ?? "unknown";
  }

  async function expectAsBefore() {
    expect(tmux.state("alternate_on")).toBe("0");
    expect(tmux.state("cursor_flag")).toBe("1");
    expect(tmux.state("mouse_any_flag")).toBe("0");
    expect(await modes()).toBe(modesBefore);
    // Were bracketed paste still on, the markers would be there.
    tmux.send("clear; cat -v", "Enter");
    await pause(200);
    tmux.send("typed", "Enter");
    expect(await tmux.see(/typed\s+typed/)).not.toContain("[200~");
  }

  it("reads keys, follows resizes, and leaves all as it was", async () => {
    expect(tmux.state("alternate_on")).toBe("1");
    tmux.send("j", "j", "Up", "C-Left", "PageDown", "BTab");
    await tmux.see(/keys j j up ctrl\+left pagedown shift\+tab/);
    for (const [columns, rows] of [
      [120, 40],
      [50, 12],
      [80, 24],
    ] as const) {
      tmux.resize(columns, rows);
      const lines = (await tmux.see(new RegExp(`size ${columns}x${rows}`))).split("\n");
      expect(lines).toHaveLength(rows);
      expect(lines[0]).toMatch(/^tiny program/);
    }
    tmux.send("m");
    await pause(200);
    expect(tmux.state("mouse_any_flag")).toBe("1");
    tmux.send("q");
    expect(await tmux.see(/shell> *$/)).toMatch(/before\s+shell>/);
    await expectAsBefore();
  });

  it("takes a paste for text", async () => {
    tmux.send("-l", "\x1b[200~qqq\r\x1b[201~");
    await tmux.see(/keys paste/);
    tmux.send("q");
    await tmux.see(/shell> *$/);
  });

  it("ctrl-z stops it, fg brings it back with all on it", async () => {
    tmux.send("j", "C-z");
    await tmux.see(/Stopped/);
    expect(tmux.state("alternate_on")).toBe("0");
    expect(tmux.state("cursor_flag")).toBe("1");
    expect(await modes()).toBe(modesBefore);
    tmux.resize(100, 30);
    tmux.send("fg", "Enter");
    await tmux.see(/size 100x30/);
    expect(tmux.state("alternate_on")).toBe("1");
    tmux.send("k");
    await tmux.see(/keys .*k/);
    tmux.send("C-z");
    await tmux.see(/Stopped/);
    tmux.send("fg", "Enter");
    await tmux.see(/tiny program/);
    tmux.send("q");
    await tmux.see(/shell> *$/);
    await expectAsBefore();
  });

  it("a stop from outside is as good as ctrl-z", async () => {
    process.kill(await pid(), "SIGTSTP");
    await tmux.see(/Stopped/);
    expect(tmux.state("alternate_on")).toBe("0");
    tmux.send("fg", "Enter");
    await tmux.see(/tiny program/);
    process.kill(await pid(), "SIGSTOP");
    await tmux.see(/Stopped/);
    tmux.send("clear; fg", "Enter");
    await tmux.see(/tiny program/);
    tmux.send("j");
    await tmux.see(/keys .*j/);
    tmux.send("q");
    await tmux.see(/shell> *$/);
    await expectAsBefore();
  });

  it("another program has the terminal, then it is ours again", async () => {
    tmux.send("s");
    await tmux.see(/child/);
    expect(tmux.state("alternate_on")).toBe("0");
    tmux.send("an answer", "Enter");
    await tmux.see(/got an answer/);
    await tmux.see(/tiny program/);
    tmux.send("k");
    await tmux.see(/keys s k$/m);
    tmux.send("q");
    await tmux.see(/shell> *$/);
    await expectAsBefore();
  });

  it("redraw repairs what a stranger wrote over it", async () => {
    writeFileSync(tmux.state("pane_tty"), "\x1b[5;10Hnoise from elsewhere");
    await tmux.see(/noise/);
    tmux.send("C-l");
    await pause(300);
    expect(tmux.screen()).not.toContain("noise");
    expect(tmux.screen()).toMatch(/^tiny program/);
  });

  it("SIGTERM ends it, with the terminal as it was", async () => {
    process.kill(await pid(), "SIGTERM");
    await tmux.see(/shell> *$/);
    await expectAsBefore();
  });

  it("a crash is to be read, on a sane terminal", async () => {
    tmux.send("e");
    expect(await tmux.see(/shell> *$/)).toContain("on purpose");
    await expectAsBefore();
  });

  it("the terminal goes away: the program ends by itself", async () => {
    const program = await pid();
    tmux.kill();
    for (let tries = 0; tries < 50 && isAlive(program); tries++) await pause(100);
    expect(isAlive(program)).toBe(false);
  });

  async function pid(): Promise<number> {
    return Number(/tiny program (\d+)/.exec(await tmux.see(/tiny program \d/))?.[1]);
  }
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
