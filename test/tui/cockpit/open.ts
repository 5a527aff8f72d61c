import { expect, onTestFinished, vi } from "vitest";
import { Refused } from "../../../src/errors.ts";
import type { Homelab } from "../../../src/model/homelab.ts";
import type { Known } from "../../../src/model/resources.ts";
import type { Changing } from "../../../src/tui/changing.ts";
import { type Cockpit, type CockpitOptions, openCockpit } from "../../../src/tui/cockpit.ts";
import type { LogRequest, Preferences, PreferenceValues, Sent, Source } from "../../../src/tui/source.ts";
import { bundledThemes } from "../../../src/tui/theme/bundled-themes.ts";
import { detectLook } from "../../../src/tui/theme/detect-look.ts";
import type { Place } from "../../../src/tui/view/lab.ts";
import { createFakeTty, type FakeTty, pause } from "../terminal/fake-terminal.ts";

export interface ShownHomelab {
  readonly homelab: Homelab;
  readonly places: ReadonlyMap<string, Place>;
}

interface FakeLog {
  readonly resource: Known;
  readonly request: LogRequest;
  readonly say: (line: string, isError?: boolean) => void;
  readonly signal: AbortSignal;
  readonly end: (exitCode: number) => void;
  readonly fail: (error: Error) => void;
}

/** A homelab that changes when the test says so. */
export interface FakeSource extends Source {
  readonly show: (homelab: Homelab) => void;
  readonly sent: (sent: Sent) => void;
  /** The logs that were asked for, the newest last. */
  readonly logs: readonly FakeLog[];
}

/** Knows of no operation, and plans none. */
const changesNothing: Changing = {
  whyNot: () => undefined,
  plan: () => Promise.reject(new Refused("This test plans nothing.")),
  askRepositories: () => Promise.resolve(0),
  copies: () => Promise.reject(new Refused("This test has no copies.")),
  start: () => Promise.reject(new Refused("This test changes nothing.")),
  resume: () => Promise.reject(new Refused("This test changes nothing.")),
  unlock: () => Promise.reject(new Refused("This test changes nothing.")),
  cancel: () => false,
  operations: () => [],
  subscribe: () => () => {},
  output: async () => {},
};

export function createFakeSource(
  { homelab: first, places }: ShownHomelab,
  changing: Partial<Changing> = {},
): FakeSource {
  let homelab = first;
  const listeners = new Set<() => void>();
  const sentListeners = new Set<(sent: Sent) => void>();
  const logs: FakeLog[] = [];
  return {
    title: "closet+shed",
    places,
    read: () => homelab,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    refresh: vi.fn(),
    setPaused: vi.fn(),
    onSent: (listener) => {
      sentListeners.add(listener);
      return () => void sentListeners.delete(listener);
    },
    changing: { ...changesNothing, ...changing },
    log: (resource, request, onLine, signal) =>
      new Promise((end, fail) => {
        const say = (line: string, isError = false) => onLine(line, isError);
        logs.push({ resource, request, say, signal, end, fail });
      }),
    shell: (host) => ["ssh", "--", host],
    logs,
    show: (next) => {
      homelab = next;
      for (const listener of listeners) listener();
    },
    sent: (sent) => {
      for (const listener of sentListeners) listener(sent);
    },
  };
}

/** Preferences in memory: what is set is got. */
export function preferencesOf(changed: Partial<PreferenceValues> = {}): Preferences {
  const values: PreferenceValues = {
    theme: "default",
    graphs: "auto",
    defaultScreen: "fleet",
    readOnly: true,
    mouse: false,
    units: "iec",
    columns: {},
    keys: {},
    ...changed,
  };
  return {
    path: "/lab/settings.json",
    get: (key) => values[key],
    list: () => [...Object.entries(values), ["refreshSeconds", 10]],
    set: async (key, value) => {
      Object.assign(values, {
        [key]: typeof values[key as keyof PreferenceValues] === "string" ? value : JSON.parse(value),
      });
    },
  };
}

interface OpenOptions {
  readonly size?: { readonly columns: number; readonly rows: number };
  readonly env?: Readonly<Record<string, string>>;
  readonly preferences?: Partial<PreferenceValues>;
  readonly set?: Preferences["set"];
  /** No key was pressed yet. */
  readonly untouched?: true;
  readonly options?: Partial<CockpitOptions>;
  readonly changing?: Partial<Changing>;
}

export interface OpenedCockpit {
  readonly cockpit: Cockpit;
  readonly tty: FakeTty;
  readonly source: FakeSource;
  /** Bytes as a terminal sends them, then the picture after them. */
  readonly type: (...inputs: readonly string[]) => Promise<string>;
  /** What is seen once nothing changes any more. */
  readonly seen: () => Promise<string>;
  readonly isOver: () => boolean;
}

// Ink draws fifteen times a second, on a busy machine a little later.
const quietMs = 170;

/** The cockpit on a terminal in memory, with keys by the wire. Closed when the test is over. */
export async function openOn(lab: ShownHomelab, opened: OpenOptions = {}): Promise<OpenedCockpit> {
  const tty = createFakeTty(opened.size);
  const env = { LANG: "C.UTF-8", TERM: "xterm-256color", ...opened.env };
  const preferences = {
    ...preferencesOf(opened.preferences),
    ...(opened.set ? { set: opened.set } : {}),
  };
  const lookBy = async () =>
    detectLook(tty.stdout, env, {
      theme: bundledThemes.find((theme) => theme.name === preferences.get("theme")),
      graphs: preferences.get("graphs"),
    });
  const source = createFakeSource(lab, opened.changing);
  const cockpit = openCockpit({
    stdin: tty.stdin,
    stdout: tty.stdout,
    env,
    first: { title: source.title, ...lab },
    look: await lookBy(),
    lookBy,
    preferences,
    // Nobody answers anew here, and nothing is to grow old while a slow test runs.
    refreshMs: 300_000,
    themes: () => bundledThemes,
    toYaml: async ({ kind, id }) => `kind: ${kind}\nid: ${id}\n`,
    runShell: async () => {},
    ...opened.options,
  });
  let isOver = false;
  void cockpit.ended.then(() => {
    isOver = true;
  });
  cockpit.attach(source);
  onTestFinished(async () => {
    cockpit.close();
    await cockpit.ended;
  });
  const seen = async () => {
    for (let before = -1; before !== tty.writes.length; ) {
      before = tty.writes.length;
      await pause(quietMs);
    }
    return (await tty.screen()).join("\n");
  };
  const type: OpenedCockpit["type"] = async (...inputs) => {
    for (const input of inputs) {
      tty.stdin.write(input);
      // A lone escape is one after its time only.
      await pause(input === "\x1b" ? 70 : 2);
    }
    return seen();
  };
  // Tests count rows from the first one.
  if (!opened.untouched) tty.stdin.write("g");
  // The first picture takes longest.
  await seen();
  return { cockpit, tty, source, seen, type, isOver: () => isOver };
}

export const keys = {
  esc: "\x1b",
  enter: "\r",
  up: "\x1b[A",
  down: "\x1b[B",
  tab: "\t",
  pageDown: "\x1b[6~",
  pageUp: "\x1b[5~",
  ctrlC: "\x03",
  ctrlU: "\x15",
  paste: (text: string) => `\x1b[200~${text}\x1b[201~`,
};

/** The row that the cursor is on. */
export function pointed(screen: string): string {
  const rows = screen.split("\n").filter((row) => row.startsWith(">"));
  expect(rows).toHaveLength(1);
  return rows[0] ?? "";
}
