// What a command may ask for: each is loaded when it is asked for, because most need little.
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Context, InventoryOptions, OpenOptions, SettingsFile } from "./cli/context.ts";
import type { Inventory } from "./inventory/inventory.ts";
import type { Origin } from "./journal/record.ts";
import type { DemoWiring, Journals } from "./on-demo.ts";
import { bail, openSession, typed } from "./open-session.ts";
import type { Settings } from "./settings/settings.ts";

declare const __VERSION__: string | undefined;
/** The build puts it in; run from source there is none. */
export const version = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";

export async function createContext(
  argv: readonly string[],
  interrupted: AbortSignal,
  onInterrupt: Context["onInterrupt"],
): Promise<Context> {
  const { createStyle } = await import("./cli/style.ts");
  const context: Context = {
    print: (text) => process.stdout.write(`${text}\n`),
    complain: (text) => process.stderr.write(`${text}\n`),
    style: createStyle(process.stdout, process.env, wantsNoColours(argv) ? false : undefined),
    isTTY: process.stdout.isTTY ?? false,
    isPlain: process.env["TERM"] === "dumb" || /^(1|true)$/.test(process.env["INK_SCREEN_READER"] ?? ""),
    interrupted,
    loadInventory: async ({ inventory: file, sshConfig, orThisMachine, silently, signal = interrupted }) => {
      const [{ loadInventory }, { inventoryFile }] = await Promise.all([
        import("./inventory/load.ts"),
        import("./inventory/place.ts"),
      ]);
      const run = runUntil(signal);
      const options = { file, sshConfig, env: process.env, home: homedir(), run };
      if (orThisMachine && file === undefined && (await inventoryFile(options)) === undefined) {
        const { localInventory } = await import("./inventory/local-inventory.ts");
        // From cron, a missing inventory must not look like a homelab that is well.
        if (!silently) process.stderr.write("scrap: there is no inventory: this is this machine alone\n");
        return localInventory();
      }
      const inventory = await loadInventory(options);
      if (!silently) warn(inventory);
      return inventory;
    },
    open: (inventory, options) => openSession(inventory, options, interrupted),
    watchLines: async (options) => {
      const { watchLines } = await import("./tui/watch.ts");
      await stayLean();
      const { stdin, stdout, env } = process;
      return watchLines(options, interrupted, { stdin, stdout, env });
    },
    cockpit: async (options) => {
      const { inventoryFile } = await import("./inventory/place.ts");
      const file = await inventoryFile({ file: options.inventory, env: process.env, home: homedir() });
      return file === undefined ? begin(options, context) : openCockpit(options, context, file);
    },
    onInterrupt,
    operations: async ({ sshConfig }) => {
      const [{ createOperations }, { createDetachedDrivers }, { journalFolder }] = await Promise.all([
        import("./operate.ts"),
        import("./detach.ts"),
        import("./journal/journal.ts"),
      ]);
      const folder = journalFolder(process.env, homedir());
      const drivers = createDetachedDrivers({
        folder,
        secrets: () => Object.fromEntries(typed),
        self: [process.execPath, ...process.execArgv, process.argv[1] ?? ""],
      });
      return createOperations({
        folder,
        drivers,
        ...(sshConfig === undefined ? {} : { sshConfig }),
      });
    },
    unfinished: async ({ file }) => {
      const [{ listUnfinished }, { journalFolder }] = await Promise.all([
        import("./journal/unfinished.ts"),
        import("./journal/journal.ts"),
      ]);
      return listUnfinished(journalFolder(process.env, homedir()), file, Date.now());
    },
    drive: async (id) => {
      const [{ drive, listenForWishes, readSecrets }, { journalFolder }, { openPast }] = await Promise.all([
        import("./drive.ts"),
        import("./journal/journal.ts"),
        import("./memory/past.ts"),
      ]);
      const asked = listenForWishes();
      const folder = journalFolder(process.env, homedir());
      const loadInventory = ({ inventory, sshConfig }: Origin) =>
        context.loadInventory({
          orThisMachine: inventory === undefined,
          silently: true,
          ...(inventory === undefined ? {} : { inventory }),
          ...(sshConfig === undefined ? {} : { sshConfig }),
        });
      const pastOf = ({ file }: Inventory) => openPast(file, process.env, homedir());
      await drive({ folder, id, loadInventory, secrets: await readSecrets(), asked, pastOf });
    },
    settings: async () => withKnownThemes(await openOwnSettings()),
  };
  return context;
}

async function openOwnSettings(): Promise<Settings> {
  const { openSettings } = await import("./settings/settings.ts");
  return openSettings(process.env, homedir());
}

/** Which themes there are, the settings do not know: one that is not there is not kept. */
function withKnownThemes(settings: Settings): SettingsFile {
  const set: Settings["set"] = async (key, value) => {
    if (key === "theme") {
      const { loadTheme } = await import("./tui/theme/user-themes.ts");
      await loadTheme(value, join(dirname(settings.path), "themes"));
    }
    await settings.set(key, value);
  };
  return { ...settings, watchRefreshSeconds: settings.watchRefreshSeconds, set };
}

function wantsNoColours(argv: readonly string[]): boolean {
  return argv.includes("--no-color");
}

function warn({ warnings }: Inventory): void {
  for (const warning of warnings) process.stderr.write(`scrap: ${warning}\n`);
}

/** Where there is no inventory, the person chooses what to look at instead. */
async function begin(options: InventoryOptions & OpenOptions, context: Context): Promise<number> {
  const [{ welcome }, { detectLook }, { inventoryPath }, { runCommandLine }] = await Promise.all([
    import("./tui/welcome.tsx"),
    import("./tui/theme/detect-look.ts"),
    import("./inventory/place.ts"),
    import("./cli/program.ts"),
  ]);
  const beginning = await welcome({
    stdin: process.stdin,
    stdout: process.stdout,
    env: process.env,
    look: detectLook(process.stdout, process.env, wantsNoColours(process.argv) ? { colours: false } : {}),
    inventoryPath: inventoryPath(process.env, homedir()),
    signal: context.interrupted,
  });
  if (beginning === "leave") return 0;
  if (beginning === "machine") return openCockpit(options, context);
  return runDemo([], context, (words, on) => runCommandLine(words, on, version));
}

export async function runDemo(
  argv: readonly string[],
  context: Context,
  run: DemoWiring["run"],
): Promise<number> {
  const [{ runOnDemo }, { openPassingSettings }] = await Promise.all([
    import("./on-demo.ts"),
    import("./settings/passing-settings.ts"),
  ]);
  const openSettings = () => openPassingSettings(process.env, homedir());
  const settings = async (): Promise<SettingsFile> => {
    const file = withKnownThemes(await openSettings());
    const set: Settings["set"] = async (key, value) => {
      await file.set(key, value);
      context.complain("The demo forgets that when it ends.");
    };
    return { ...file, set };
  };
  return runOnDemo(
    argv,
    { ...context, settings },
    {
      run,
      open: (inventory, options, journals) => openSession(inventory, options, context.interrupted, journals),
      cockpit: (options, onDemo, journals) => openCockpit(options, onDemo, undefined, journals, openSettings),
      fail: bail,
    },
  );
}

/** `file` is what it is remembered by; without, nothing is. */
async function openCockpit(
  options: InventoryOptions & OpenOptions,
  { loadInventory, interrupted, operations }: Context,
  file?: string,
  journals?: Journals,
  openPreferences: () => Promise<Settings> = openOwnSettings,
): Promise<number> {
  const { runCockpit } = await import("./cockpit.ts");
  let inventory: Inventory | undefined;
  const exitCode = await runCockpit({
    file,
    version,
    env: process.env,
    home: homedir(),
    interrupted,
    colours: wantsNoColours(process.argv) ? false : undefined,
    preferences: await openPreferences(),
    loadInventory: async (signal) => {
      inventory = await loadInventory({ ...options, orThisMachine: true, silently: true, signal });
      return inventory;
    },
    operations: () => operations(options),
    openSession: (inventory, wrapAsk, onAsked) => {
      // Not lean: a heap that stays small is collected all the time, and keys wait for that.
      keepSmallSlabs();
      return openSession(inventory, options, interrupted, journals, wrapAsk, onAsked);
    },
  });
  // Not before: they would stand in the middle of the screen.
  if (inventory) warn(inventory);
  return exitCode;
}

/**
 * For a process that stays: V8 gives memory back instead of growing. After all code is loaded, because V8 takes no code
 * from the cache that was made with other flags.
 */
async function stayLean(): Promise<void> {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--optimize-for-size");
  keepSmallSlabs();
}

/** For a process that stays: a few bytes that are kept do not keep a large slab. */
function keepSmallSlabs(): void {
  Buffer.poolSize = 4096;
}

/** For `ansible-inventory`. Loaded late: almost nobody needs it. */
function runUntil(signal: AbortSignal) {
  return async (argv: readonly [string, ...string[]]) => {
    const { runLocalProgram } = await import("./transport/local-program.ts");
    return runLocalProgram(argv, signal);
  };
}
