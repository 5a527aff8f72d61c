import type { Backend } from "../backends/contract.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Homelab } from "../model/homelab.ts";
import type { State } from "../model/state.ts";
import type { Transport } from "../transport/transport.ts";
import type { Style } from "./style.ts";

/** What main hands to every command. */
export interface Context {
  readonly print: (text: string) => void;
  /** Messages for people; never on stdout. */
  readonly complain: (text: string) => void;
  readonly style: Style;
  readonly isTTY: boolean;
  /** Nothing can be drawn there, or nobody would see it: lines one after the other instead. */
  readonly isPlain: boolean;
  readonly loadInventory: (options: InventoryOptions) => Promise<Inventory>;
  readonly open: (inventory: Inventory, options: OpenOptions) => Promise<Session>;
  /** Draws lines full screen until the user leaves. Resolves with how: ctrl-c is no ordinary end. */
  readonly watchLines: (options: {
    readonly lines: (columns: number, rows: number) => readonly string[];
    readonly subscribe: (listener: () => void) => () => void;
    readonly refreshMs: number;
  }) => Promise<"left" | "interrupted">;
  /** Opens the cockpit. Resolves with the exit code when the user leaves. */
  readonly cockpit: (options: InventoryOptions & OpenOptions) => Promise<number>;
  readonly settings: () => Promise<SettingsFile>;
  /** Ends with the process: on SIGINT, SIGTERM and SIGHUP. */
  readonly interrupted: AbortSignal;
}

export interface InventoryOptions {
  readonly inventory?: string;
  readonly sshConfig?: string;
  /** This machine, when no inventory is there and none was named. */
  readonly orThisMachine?: boolean;
  /** Whoever asks tells of the warnings. */
  readonly silently?: boolean;
  /** Nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

export interface OpenOptions {
  /** Ask for the password of sudo once a host that needs one. */
  readonly askBecomePass?: boolean;
}

/** The settings as a command sees them. */
export interface SettingsFile {
  readonly path: string;
  readonly watchRefreshSeconds: number;
  readonly list: () => readonly (readonly [key: string, value: unknown])[];
  /** Rejects with `UsageError` for an unknown key or a value that does not fit. */
  readonly set: (key: string, value: string) => Promise<void>;
}

/** Some hosts, reached. */
export interface Session {
  readonly inventory: Inventory;
  readonly backends: readonly Backend[];
  readonly transport: Transport;
  /** Asks everything once; what takes longer than that stays unasked. */
  readonly once: (hosts: readonly string[], timeoutMs: number) => Promise<void>;
  readonly watch: (hosts: readonly string[], refreshMs: number, signal: AbortSignal) => void;
  readonly read: (hosts: readonly string[]) => Homelab;
  readonly state: () => State;
  readonly subscribe: (listener: () => void) => () => void;
  readonly close: () => Promise<void>;
}
