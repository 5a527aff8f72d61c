import type { Repository } from "../inventory/inventory.ts";
import type { Data } from "../inventory/service.ts";
import type { RunStep, Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { BackupLabel, StoredBackup } from "./backup-verbs.ts";
import type { WhyNot } from "./verbs.ts";

/** A folder or a dataset of a host, which takes what file systems of its kind send. */
export type ReceivingRepository = Extract<Repository, { readonly tool: "btrfs" | "zfs" }>;

/** What is kept with a copy that was sent. */
export interface SentLabel extends BackupLabel {
  readonly tag: string;
  /** RFC 3339. */
  readonly at: string;
}

/** A backup that was received whole. */
export interface ReceivedBackup extends StoredBackup {
  readonly tag: string;
  /** Of each of its places, in their order. */
  readonly copies: readonly {
    /** Of the snapshot that it is a copy of; what that has nobody else has. */
    readonly identity: string;
    /** Where it lies: a folder, or `dataset@tag`. */
    readonly at: string;
    /** More can be sent on it. */
    readonly isBase: boolean;
  }[];
}

/** A snapshot on its way. */
export interface Sending {
  readonly place: Data;
  readonly host: string;
  /** A folder where the snapshot is seen; undefined where none is needed. */
  readonly path?: string;
  readonly tag: string;
  /** What both sides have: only what changed since is sent. */
  readonly base?: { readonly tag: string; readonly at: string };
  readonly repository: ReceivingRepository;
  readonly label: BackupLabel;
  /** Of the place in the label, from 1. */
  readonly number: number;
}

/** Copies that a file system makes of itself on another one of its kind. */
export interface SendVerbs {
  /** As the inventory calls the repositories that it keeps; it is the kind of data that it sends, too. */
  readonly tool: ReceivingRepository["tool"];
  /** It needs to see the files of what it sends. */
  readonly needsFiles: boolean;
  /** What was received whole, and is still as it came; the newest first. */
  readonly list: (repository: ReceivingRepository) => Planning<readonly ReceivedBackup[] | WhyNot>;
  readonly init: (repository: ReceivingRepository) => RunStep;
  /** The snapshots of a place, and what stands for one that is gone: identity → what `send` calls it as a base. */
  readonly identities: (place: Data, host: string) => Planning<ReadonlyMap<string, string> | WhyNot>;
  /**
   * Sends it and sees that it is the same, and says where it will lie. A part of it counts as nothing, and the way back takes
   * it away.
   */
  readonly send: (sending: Sending) => { readonly step: Step; readonly at: string };
  /** Makes what was sent count: from now on it is listed. `copies` is where all its places lie. */
  readonly keep: (repository: ReceivingRepository, label: SentLabel, copies: readonly string[]) => Step;
  /** Sees to it that the next one goes on from this one even where its snapshot was destroyed by somebody. */
  readonly mark?: (sending: Pick<Sending, "place" | "host" | "tag" | "repository" | "number">) => Step;
  /** Makes the files of one copy readable in a folder of the repository's host. */
  readonly open: (
    repository: ReceivingRepository,
    at: string,
  ) => { readonly path: string; readonly before: readonly Step[]; readonly after: readonly Step[] };
}
