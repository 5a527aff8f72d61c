import type { Homelab } from "../model/homelab.ts";
import type { Known } from "../model/resources.ts";
import type { Units } from "../words.ts";
import type { Changing } from "./changing.ts";
import type { ChosenColumns } from "./screens/chosen-columns.ts";
import type { ScreenId } from "./screens/screens.ts";
import type { Place } from "./view/lab.ts";

/** Where the cockpit gets what it shows. It never waits for any of it. */
export interface Source {
  /** The name of the homelab. */
  readonly title: string;
  readonly places: ReadonlyMap<string, Place>;
  /** What is known now; the same object while nothing changed. */
  readonly read: () => Homelab;
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks these hosts anew, and tries again those that are away. */
  readonly refresh: (hosts: readonly string[]) => void;
  readonly setPaused: (isPaused: boolean) => void;
  /** Every question that was sent to a host, as it was sent. Returns the way to stop. */
  readonly onSent: (listener: (sent: Sent) => void) => () => void;
  readonly changing: Changing;
  /** The log of a resource. Undefined when it has none. Rejects when the host cannot be asked. */
  readonly log: (
    resource: Known,
    options: LogRequest,
    onLine: (line: string, isError: boolean) => void,
    signal: AbortSignal,
  ) => Promise<number> | undefined;
  /** The argv of an interactive shell on that host, by the ssh of this machine. Undefined for one that is not in the inventory. */
  readonly shell: (host: string) => readonly [string, ...string[]] | undefined;
}

export interface LogRequest {
  readonly follow: boolean;
  readonly lines: number;
  /** So long ago. */
  readonly sinceMs?: number;
}

export interface Sent {
  readonly at: Date;
  readonly host: string;
  /** Word by word what the host received. */
  readonly text: string;
  readonly tookMs: number;
  /** Absent when it was not answered; then `error` says why. */
  readonly exitCode?: number;
  readonly error?: string;
}

/** What the user prefers. */
export interface PreferenceValues {
  readonly theme: string;
  readonly graphs: "auto" | "braille" | "block" | "ascii";
  readonly defaultScreen: ScreenId;
  readonly readOnly: boolean;
  readonly mouse: boolean;
  readonly units: Units;
  /** For each screen the titles of the columns to show. */
  readonly columns: ChosenColumns;
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
}

/** The preferences, and the file where they are kept. */
export interface Preferences {
  readonly path: string;
  readonly get: <Key extends keyof PreferenceValues>(key: Key) => PreferenceValues[Key];
  readonly list: () => readonly (readonly [key: string, value: unknown])[];
  /** Rejects with `UsageError` for a value that does not fit. */
  readonly set: (key: string, value: string) => Promise<void>;
}
