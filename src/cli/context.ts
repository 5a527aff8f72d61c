import type { Backend } from "../backends/contract.ts";
import type { surveyHost } from "../execute/host-jobs.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Follower } from "../journal/follow.ts";
import type { Operation } from "../journal/operation.ts";
import type { Decision, JournalRecord } from "../journal/record.ts";
import type { SeenRun } from "../journal/seen.ts";
import type { OperationSummary } from "../journal/standing.ts";
import type { Unfinished } from "../journal/unfinished.ts";
import type { JournalWatch } from "../journal/watch.ts";
import type { Backups } from "../model/copies.ts";
import type { Homelab } from "../model/homelab.ts";
import type { State } from "../model/state.ts";
import type { AutoUpdated } from "../operations/auto-updated.ts";
import type { Request } from "../operations/operations.ts";
import type { Outlook } from "../operations/outlook.ts";
import type { Plan } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
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
  /** What changes hosts, and what was done. */
  readonly operations: (options: InventoryOptions & OpenOptions) => Promise<Operations>;
  /** The operations on that inventory which need somebody, the newest first. Reads little and loads little. */
  readonly unfinished: (inventory: Inventory) => Promise<readonly Unfinished[]>;
  /** Carries out the operation of that id in this process: what `operations` starts. */
  readonly drive: (id: string) => Promise<void>;
  /** From then on an interruption does not end us, but calls this. Returns the way back. */
  readonly onInterrupt: (listener: () => void) => () => void;
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
  /** Ask for the password of sudo or doas once a host that needs one. */
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
  /**
   * Asks everything once; what takes longer than that stays unasked. With `eyes` only these backends, and no checks: as
   * much as a plan needs.
   */
  readonly once: (
    hosts: readonly string[],
    timeoutMs: number,
    eyes?: (backend: Backend) => boolean,
  ) => Promise<void>;
  readonly watch: (hosts: readonly string[], refreshMs: number, signal: AbortSignal) => void;
  readonly read: (hosts: readonly string[]) => Homelab;
  readonly state: () => State;
  readonly subscribe: (listener: () => void) => () => void;
  /** What repositories have told: it is known from then on, and at the next start. */
  readonly learn: (backups: Backups) => void;
  readonly close: () => Promise<void>;
}

/** What planning asks with. */
export interface OperateSession {
  readonly session: Session;
  /** Those that are looked at before it is planned. */
  readonly hosts: readonly string[];
  readonly timeoutMs: number;
}

/** Plans, starts and follows operations, and tells of those that were. */
export interface Operations {
  /** Asks hosts, changes nothing. Rejects with `Refused` when it cannot be done. */
  readonly plan: (request: Request, on: OperateSession) => Promise<Plan>;
  /** How far behind services are, and what hosts update by themselves. Changes nothing. */
  readonly outdated: (names: readonly string[], on: OperateSession) => Promise<Outdated>;
  /** Has hosts answer what somebody wants to know, and changes nothing. */
  readonly ask: <Result>(planning: Planning<Result>, session: Session) => Promise<Result>;
  /** Writes down what hosts did by themselves, each run once. */
  readonly see: (runs: readonly SeenRun[]) => void;
  /** Begins to carry it out, in a process that outlives this one. */
  readonly start: (plan: Plan, inventory: Inventory) => Promise<void>;
  /**
   * Goes on with what was cut off or stopped. Nothing happens to one that has ended, or that is being carried out. A
   * decision without a step is a wish: `walk-back` goes back instead.
   */
  readonly resume: (
    id: string,
    decisions?: readonly { readonly step?: string; readonly what: Decision }[],
  ) => Promise<void>;
  /** Once: stop after the current step. Twice, or by that wish: cancel it and walk back. False when nobody carries it out; throws `Refused` where another machine does. */
  readonly cancel: (id: string, wish?: "stop" | "walk-back") => boolean;
  /** Resolves when it has ended, or nobody carries it out any more. */
  readonly follow: (id: string, follower: Follower, signal: AbortSignal) => Promise<Operation | undefined>;
  /** All of them as they go on, until it is stopped. */
  readonly watch: () => JournalWatch;
  /** The newest first. */
  readonly list: () => readonly OperationSummary[];
  /** Of all of them, without reading what they did. */
  readonly ids: () => readonly string[];
  /** Throws `UsageError` when there is none, `InDoubt` when its journal is broken. */
  readonly load: (id: string) => Operation;
  readonly records: (id: string) => readonly JournalRecord[];
  readonly isDriven: (id: string) => boolean;
  /** What the process that carried it out complained of, if it ended by itself. */
  readonly errors: (id: string) => string;
  readonly survey: (host: string, transport: Transport) => ReturnType<typeof surveyHost>;
  readonly unlock: (host: string, id: string, transport: Transport) => Promise<void>;
}

export interface Outdated {
  readonly services: readonly Outlook[];
  readonly autoUpdates: readonly AutoUpdated[];
  /** Hosts that did not tell what they update by themselves, and why. */
  readonly unknown: readonly { readonly host: string; readonly why: string }[];
}
