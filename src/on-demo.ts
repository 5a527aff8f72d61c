// Puts simulated hosts in the place of an inventory, for one command.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context, InventoryOptions, OpenOptions } from "./cli/context.ts";
import type { Inventory } from "./inventory/inventory.ts";

/** Where it is kept what was done to the hosts; undefined while nothing was. */
export type Journals = () => string | undefined;

export interface DemoWiring {
  readonly run: (argv: readonly string[], context: Context) => Promise<number>;
  readonly open: (
    inventory: Inventory,
    options: OpenOptions,
    journals: Journals,
  ) => ReturnType<Context["open"]>;
  readonly cockpit: (
    options: InventoryOptions & OpenOptions,
    context: Context,
    journals: Journals,
  ) => Promise<number>;
  /** Of a bug in the background. */
  readonly fail: (error: unknown) => void;
}

/** Any command, on simulated hosts instead of an inventory. Nothing but this knows that they are. */
export async function runOnDemo(
  argv: readonly string[],
  context: Context,
  { run, open, cockpit, fail }: DemoWiring,
): Promise<number> {
  const [{ parseDemoArguments }, { startDemo }] = await Promise.all([
    import("./demo/arguments.ts"),
    import("./demo/demo.ts"),
  ]);
  const { rest, ...given } = parseDemoArguments(argv);
  const isWatched =
    rest.every((word) => word.startsWith("-")) || rest.includes("-w") || rest.includes("--watch");
  const demo = await startDemo({ story: context.isTTY && isWatched ? "mixed" : "calm", ...given });
  let changes: ReturnType<typeof openShortLived> | undefined;
  let folder: string | undefined;
  const journals = () => folder;
  try {
    const onDemo: Context = {
      ...context,
      open: (inventory, options) => open(inventory, options, journals),
      loadInventory: () => Promise.resolve(demo.inventory),
      // It remembers nothing, and what was done to real hosts is none of its business.
      unfinished: () => Promise.resolve([]),
      operations: async () => {
        changes ??= openShortLived(demo.inventory, fail);
        ({ folder } = await changes);
        return (await changes).operations;
      },
      cockpit: (options) => cockpit(options, onDemo, journals),
    };
    return await run(rest, onDemo);
  } finally {
    await demo.close();
    await (await changes)?.close();
  }
}

/** Operations on hosts that end with this process: so do they, and nobody hears of them afterwards. */
async function openShortLived(inventory: Inventory, fail: DemoWiring["fail"]) {
  const [{ createOperations }, { createDriversHere }] = await Promise.all([
    import("./operate.ts"),
    import("./drive.ts"),
  ]);
  const folder = mkdtempSync(join(process.env["XDG_RUNTIME_DIR"] || tmpdir(), "scrap-journal-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const drivers = createDriversHere({
    folder,
    loadInventory: () => Promise.resolve(inventory),
    patienceMs: 0,
    fail,
  });
  return {
    folder,
    operations: createOperations({ folder, drivers }),
    close: async () => {
      await drivers.settled();
      remove();
    },
  };
}

/** What a shell may offer after `demo`. No host is started for it. */
export async function completeOnDemo(
  argv: readonly string[],
  context: Context,
  run: DemoWiring["run"],
): Promise<number> {
  const [{ completeDemo }, { namesOfHomelab }] = await Promise.all([
    import("./demo/complete.ts"),
    import("./demo/demo.ts"),
  ]);
  const at = argv.indexOf("demo");
  const { own, rest } = completeDemo(argv.slice(at + 1));
  for (const text of own) context.print(text);
  if (!rest) return 0;
  return run([...argv.slice(0, at), ...rest], {
    ...context,
    // A demo has none inside.
    print: (text) => (/^demo\b/.test(text) ? undefined : context.print(text)),
    loadInventory: namesOfHomelab,
  });
}
