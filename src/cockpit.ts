// Opens the cockpit: with main.ts and session.ts the third and last file that wires. What is drawn first waits for as little as can be.
import { basename, join } from "node:path";
import type { Session } from "./cli/context.ts";
import type { Host } from "./inventory/host.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { type Memory, memoryPath, readMemory, writeMemory } from "./memory/memory.ts";
import { mergeRemembered } from "./memory/remembered.ts";
import type { Homelab } from "./model/homelab.ts";
import type { Asked } from "./transport/options.ts";
import type { AskSecret } from "./transport/secrets.ts";
import { toSshArguments } from "./transport/ssh-arguments.ts";
import type { Preferences, Source } from "./tui/source.ts";
import type { Place, Ref } from "./tui/view/lab.ts";

export interface CockpitWiring {
  /** What tells one homelab from another: its inventory file. Absent for one that nobody should remember. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly interrupted: AbortSignal;
  readonly preferences: Preferences & { readonly watchRefreshSeconds: number };
  readonly loadInventory: () => Promise<Inventory>;
  readonly openSession: (
    inventory: Inventory,
    askSecret: (ask: AskSecret) => AskSecret,
    onAsked: (asked: Asked) => void,
  ) => Promise<Session>;
}

/** Resolves with the exit code when the user leaves. */
export async function runCockpit(wiring: CockpitWiring): Promise<number> {
  const { env, home, interrupted, preferences } = wiring;
  const memoryFile = wiring.file === undefined ? undefined : memoryPath(wiring.file, env, home);
  const loading = Promise.all([
    import("./tui/cockpit.ts"),
    import("./tui/theme/detect-look.ts"),
    import("./tui/theme/bundled-themes.ts"),
    import("./tui/theme/user-themes.ts"),
  ]);
  const memory = memoryFile === undefined ? undefined : readMemory<Place>(memoryFile);
  const themes = join(configBase(env, home), "scrap", "themes");
  const [{ openCockpit }, { detectLook }, { bundledThemes }, { loadTheme }] = await loading;
  const lookBy = async () =>
    detectLook(process.stdout, env, {
      theme: await loadTheme(preferences.get("theme"), themes),
      graphs: preferences.get("graphs"),
    });
  let session: Session | undefined;
  // Without a memory there is nothing to show before the inventory is read, which takes a moment only.
  const early = memory ?? toFirst(await wiring.loadInventory());
  const cockpit = openCockpit({
    stdin: process.stdin,
    stdout: process.stdout,
    env,
    first: early,
    look: await lookBy(),
    lookBy,
    preferences,
    themes: () => bundledThemes,
    toYaml: (ref) => (session ? toYaml(ref, session) : Promise.resolve("")),
    runShell,
  });
  const leave = () => cockpit.close();
  interrupted.addEventListener("abort", leave, { once: true });
  let stop: (() => Promise<void>) | undefined;
  try {
    await cockpit.ready;
    const inventory = await wiring.loadInventory();
    const asked = createAskedFeed();
    session = await wiring.openSession(
      inventory,
      (ask) => (request) => cockpit.suspended(() => ask(request)),
      asked.tell,
    );
    const started = start(session, memory, asked, preferences.watchRefreshSeconds, memoryFile);
    stop = started.stop;
    cockpit.attach(started.source);
    await cockpit.ended;
  } finally {
    cockpit.close();
    await cockpit.ended;
    interrupted.removeEventListener("abort", leave);
    await stop?.();
  }
  return 0;
}

/** Watches all hosts, and remembers what was seen. */
function start(
  session: Session,
  memory: Memory<Place> | undefined,
  asked: ReturnType<typeof createAskedFeed>,
  refreshSeconds: number,
  memoryFile: string | undefined,
): { readonly source: Source; readonly stop: () => Promise<void> } {
  const { inventory } = session;
  const hosts = [...inventory.hosts.keys()];
  let watching = new AbortController();
  const watch = () => session.watch(hosts, refreshSeconds * 1000, watching.signal);
  watch();
  const places = placesOf(inventory);
  const read = createReader(session, memory?.homelab, hosts);
  const save = () => {
    if (memoryFile !== undefined)
      writeMemory(memoryFile, { homelab: read(), places, title: titleOf(inventory) });
  };
  const saving = setInterval(save, 60_000);
  saving.unref();
  const restart = () => {
    watching.abort();
    watching = new AbortController();
    watch();
  };
  return {
    source: {
      title: titleOf(inventory),
      places,
      read,
      subscribe: session.subscribe,
      refresh: (names) => {
        // A closed link forgets why it failed, and a new watch asks everything.
        void Promise.all(
          names
            .map((name) => session.transport.link(name))
            .filter((link) => link.state().status === "down")
            .map((link) => link.close()),
        ).then(restart);
      },
      setPaused: (isPaused) => (isPaused ? watching.abort() : restart()),
      onSent: asked.listen,
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
      shell: (name) => shellArgv(inventory.hosts.get(name)),
    },
    stop: async () => {
      clearInterval(saving);
      watching.abort();
      save();
      await session.close();
    },
  };
}

/** The same homelab while nothing changed. */
function createReader(
  session: Session,
  remembered: Homelab | undefined,
  hosts: readonly string[],
): () => Homelab {
  let seen: unknown;
  let homelab: Homelab | undefined;
  return () => {
    const state = session.state();
    if (homelab && seen === state) return homelab;
    seen = state;
    homelab = mergeRemembered(session.read(hosts), remembered, session.isAnswered);
    return homelab;
  };
}

/** Who listens is told what was sent from then on. */
function createAskedFeed() {
  const listeners = new Set<(asked: Asked) => void>();
  return {
    tell: (asked: Asked) => {
      for (const listener of listeners) listener(asked);
    },
    listen: (listener: (asked: Asked) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** What gets a person there as we do. */
function shellArgv(host: Host | undefined): readonly [string, ...string[]] {
  if (!host || host.transport === "local") return [process.env["SHELL"] || "sh"];
  return ["ssh", ...toSshArguments(host, undefined, host.jump)];
}

async function runShell(argv: readonly [string, ...string[]]): Promise<void> {
  const { runInTerminal } = await import("./transport/local-program.ts");
  await runInTerminal(argv);
}

async function toYaml({ kind, id }: Ref, session: Session): Promise<string> {
  const [{ stringify }, { toHostEntry, toServiceEntry, toResourceEntry }, { createJoin }] = await Promise.all(
    [import("yaml"), import("./cli/report.ts"), import("./model/references.ts")],
  );
  const { hosts, services, resources } = session.read([...session.inventory.hosts.keys()]);
  const host = kind === "host" && hosts.find(({ name }) => name === id);
  const known = kind === "service" && services.find(({ service }) => service.name === id);
  const resource = resources.find((each) => each.id === id);
  const entry = host
    ? toHostEntry(host)
    : known
      ? toServiceEntry(known)
      : resource &&
        toResourceEntry(resource, createJoin(resources.filter((each) => each.host === resource.host)));
  return entry ? stringify(JSON.parse(JSON.stringify(entry))) : `# ${id} is not seen any more`;
}

/** Its zones, as people speak of it; else the name of its file, where that says something. */
function titleOf({ hosts, file }: Inventory): string {
  const zones = [...new Set([...hosts.values()].flatMap(({ zone }) => zone ?? []))];
  if (zones.length > 0) return zones.length > 3 ? `${zones.length} zones` : zones.join("+");
  const name = file === undefined ? "" : basename(file).replace(/\.ya?ml$/, "");
  return name === "inventory" ? "" : name;
}

const placesOf = ({ hosts }: Inventory): ReadonlyMap<string, Place> =>
  new Map(
    [...hosts.values()].map(({ name, zone, groups, power }) => [
      name,
      { groups, ...(zone === undefined ? {} : { zone }), ...(power === undefined ? {} : { power }) },
    ]),
  );

/** Every host, and that nothing is known of it. */
function toFirst(inventory: Inventory): Memory<Place> {
  const hosts = [...inventory.hosts.keys()].map((name) => ({
    name,
    state: "unknown" as const,
    link: { status: "idle" as const },
    problems: [],
    unseen: [],
    facts: {},
    probes: {},
  }));
  return {
    homelab: { hosts, services: [], resources: [] },
    places: placesOf(inventory),
    title: titleOf(inventory),
  };
}

function configBase({ XDG_CONFIG_HOME }: CockpitWiring["env"], home: string): string {
  return XDG_CONFIG_HOME?.startsWith("/") ? XDG_CONFIG_HOME : join(home, ".config");
}
