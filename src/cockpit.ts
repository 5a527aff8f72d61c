// Opens the cockpit. What is drawn first waits for as little as can be.
import { dirname, join } from "node:path";
import { createChanging } from "./change.ts";
import type { Operations } from "./cli/context.ts";
import { UsageError } from "./errors.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { forgetMemory, type Memory, memoryPath, readMemory, writeMemory } from "./memory/memory.ts";
import { createRecall } from "./memory/recall.ts";
import { nothingKnown } from "./memory/remembered.ts";
import { createRota } from "./observe/rota.ts";
import type { ObservedSession } from "./session.ts";
import type { Asked } from "./transport/options.ts";
import type { AskSecret } from "./transport/secrets.ts";
import { toShellArgv } from "./transport/ssh-arguments.ts";
import type { Preferences, Source } from "./tui/source.ts";
import { createListeners } from "./tui/terminal/listeners.ts";
import type { Place } from "./tui/view/lab.ts";
import { placesOf, titleOf } from "./tui/view/places.ts";

export interface CockpitWiring {
  /** What tells one homelab from another: its inventory file. Absent for one that nobody should remember. */
  readonly file?: string | undefined;
  /** The program's own. */
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly interrupted: AbortSignal;
  /** False for none, whatever the terminal can. */
  readonly colours?: boolean | undefined;
  readonly preferences: Preferences & { readonly watchRefreshSeconds: number };
  /** Stops what it started when the signal says so. */
  readonly loadInventory: (signal: AbortSignal) => Promise<Inventory>;
  readonly operations: () => Promise<Operations>;
  readonly openSession: (
    inventory: Inventory,
    askSecret: (ask: AskSecret) => AskSecret,
    onAsked: (asked: Asked) => void,
  ) => Promise<ObservedSession>;
}

/** Resolves with the exit code when the user leaves. Rejects with a bug once the terminal is as it was before. */
export async function runCockpit(wiring: CockpitWiring): Promise<number> {
  const { env, home, interrupted, preferences } = wiring;
  const memoryFile = wiring.file === undefined ? undefined : memoryPath(wiring.file, env, home);
  const loading = Promise.all([
    import("./tui/cockpit.ts"),
    import("./tui/theme/detect-look.ts"),
    import("./tui/theme/bundled-themes.ts"),
    import("./tui/theme/user-themes.ts"),
  ]);
  const memory = memoryFile === undefined ? undefined : readMemory<Place>(memoryFile, wiring.version);
  const themeFolder = join(dirname(preferences.path), "themes");
  const [{ openCockpit }, { detectLook }, { bundledThemes }, { findThemes, loadTheme }] = await loading;
  const lookBy = async () =>
    detectLook(process.stdout, env, {
      theme: await loadTheme(preferences.get("theme"), themeFolder),
      graphs: preferences.get("graphs"),
      colours: wiring.colours,
    });
  /** A theme that is gone is no reason not to open: another can be chosen there. */
  const firstLook = async () => {
    try {
      return { look: await lookBy() };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const { colours } = wiring;
      const look = detectLook(process.stdout, env, { graphs: preferences.get("graphs"), colours });
      return { look, notice: error.message };
    }
  };
  // Without a memory there is nothing to show before the inventory is read, which takes a moment only.
  const early = memory ? undefined : await wiring.loadInventory(interrupted);
  let themes: readonly { readonly name: string; readonly title: string }[] = bundledThemes;
  let watching: Watching | undefined;
  const cockpit = openCockpit({
    stdin: process.stdin,
    stdout: process.stdout,
    env,
    first: memory ?? toFirst(early),
    ...(await firstLook()),
    lookBy,
    preferences,
    refreshMs: preferences.watchRefreshSeconds * 1000,
    themes: () => themes,
    toYaml: async (ref) => {
      if (!watching) return "# not known before a host was asked";
      const { printRawFacts } = await import("./cli/raw-facts.ts");
      const { read, changing } = watching.source;
      return printRawFacts(ref, read(), changing.operations());
    },
    runShell,
  });
  let isOver = false;
  const left = new AbortController();
  const over = cockpit.ended.finally(() => {
    isOver = true;
    left.abort();
  });
  const failed = Promise.withResolvers<never>();
  for (const promise of [over, failed.promise]) promise.catch(() => {});
  const leave = () => cockpit.close();
  interrupted.addEventListener("abort", leave, { once: true });
  if (interrupted.aborted) leave();
  let stop: (() => Promise<void>) | undefined;
  try {
    await cockpit.ready.catch((error) => {
      if (memoryFile !== undefined) forgetMemory(memoryFile);
      throw error;
    });
    const found = await findThemes(themeFolder);
    themes = [...found.themes, ...found.refused];
    // Who leaves meanwhile need not wait for an inventory, and no host should hear of it.
    const inventory = early ?? (await Promise.race([wiring.loadInventory(left.signal), over]));
    if (isOver || !inventory) return 0;
    const asked = createListeners<Asked>();
    const session = await wiring.openSession(
      inventory,
      (ask) => async (request) => (isOver ? undefined : cockpit.suspended(() => ask(request))),
      asked.tell,
    );
    stop = session.close;
    const operations = await wiring.operations();
    if (isOver) return 0;
    watching = watch(session, operations, asked.add, {
      memory,
      memoryFile,
      version: wiring.version,
      refreshMs: preferences.watchRefreshSeconds * 1000,
      fail: failed.reject,
    });
    stop = watching.stop;
    cockpit.attach(watching.source);
    await Promise.race([over, failed.promise]);
    return 0;
  } finally {
    interrupted.removeEventListener("abort", leave);
    cockpit.close();
    await over.catch(() => {});
    await stop?.();
  }
}

interface Watching {
  readonly source: Source;
  readonly stop: () => Promise<void>;
}

interface WatchOptions {
  readonly memory: Memory<Place> | undefined;
  readonly memoryFile: string | undefined;
  readonly version: string;
  readonly refreshMs: number;
  readonly fail: (error: unknown) => void;
}

/** Watches all hosts, and remembers what was seen. */
function watch(
  session: ObservedSession,
  operations: Operations,
  onSent: Source["onSent"],
  options: WatchOptions,
): Watching {
  const { inventory } = session;
  const { memory, memoryFile, version, refreshMs, fail } = options;
  const hosts = [...inventory.hosts.keys()];
  const observer = session.observe(refreshMs);
  const rota = createRota({
    hosts,
    observer,
    // A closed link forgets why it failed.
    release: async (name) => {
      const link = session.transport.link(name);
      if (link.state().status === "down") await link.close();
    },
    patienceMs: 60_000,
    fail,
  });
  const title = titleOf(inventory);
  const places = placesOf(inventory);
  const { state, isAnswered } = session;
  const live = { hosts, state, read: () => session.read(hosts), isAnswered };
  const { read, keep } = createRecall(live, memory?.homelab);
  const changing = createChanging({ session, observer, operations, read });
  const save = () => {
    const homelab = memoryFile === undefined ? undefined : keep();
    if (memoryFile !== undefined && homelab) writeMemory(memoryFile, version, { homelab, places, title });
  };
  const saving = setInterval(save, 60_000);
  saving.unref();
  rota.start();
  return {
    source: {
      title,
      places,
      read,
      subscribe: session.subscribe,
      refresh: (names) => {
        // Operations leave word of what they did.
        session.learn(new Map());
        rota.refresh(names);
      },
      setPaused: rota.setPaused,
      onSent,
      changing,
      log: (resource, { follow, lines, sinceMs }, onLine, signal) => {
        const since = sinceMs === undefined ? undefined : new Date(Date.now() - sinceMs).toISOString();
        const command = session.backends
          .find(({ id }) => id === resource.backend)
          ?.logs?.(resource, { follow, lines, ...(since === undefined ? {} : { since }) });
        return (
          command &&
          session.transport
            .link(resource.host)
            .follow(command, (line, from) => onLine(line, from === "stderr"), signal)
        );
      },
      shell: (name) => {
        const host = inventory.hosts.get(name);
        return host && toShellArgv(host, inventory.hosts, process.env["SHELL"] || "sh");
      },
    },
    stop: async () => {
      clearInterval(saving);
      rota.end();
      changing.stop();
      save();
      await session.close();
    },
  };
}

async function runShell(argv: readonly [string, ...string[]]): Promise<void> {
  const { runInTerminal } = await import("./transport/local-program.ts");
  await runInTerminal(argv);
}

function toFirst(inventory: Inventory | undefined): Memory<Place> {
  return {
    homelab: nothingKnown(inventory?.hosts.keys() ?? []),
    places: inventory ? placesOf(inventory) : new Map(),
    title: inventory ? titleOf(inventory) : "",
  };
}
