import type { Repository } from "../inventory/inventory.ts";
import type { Data } from "../inventory/service.ts";
import type { RunStep } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { consistencies } from "../plan/snapshot-tag.ts";
import type { WhyNot } from "./verbs.ts";

/** A repository that a program on a host reads and writes. */
export type AddressedRepository = Extract<Repository, { readonly address: string }>;

/** `file-by-file`: while it was in use, and not at one moment. */
export const consistencyLevels = [...consistencies, "file-by-file"] as const;
export const dataKinds = ["zfs", "btrfs", "path", "volume", "lvm"] as const satisfies readonly Data["kind"][];

/** What is written on a backup beside its data, so that any machine finds out what it is. */
export interface BackupLabel {
  readonly service: string;
  /** The id of the plan that made it. */
  readonly operation: string;
  readonly host: string;
  readonly consistency: (typeof consistencyLevels)[number];
  /** The declared places, and the folder that each is in the backup. */
  readonly places: readonly {
    readonly kind: Data["kind"];
    readonly name: string;
    readonly path: string;
  }[];
}

/** A backup as its repository lists it. */
export interface StoredBackup extends BackupLabel {
  readonly id: string;
  readonly at: Date;
  /** Of what is in it; undefined where the listing does not say. */
  readonly sizeBytes?: number;
}

/** Copies in a repository elsewhere. The host does it, with its own way to reach the repository. */
export interface BackupVerbs {
  /** As the inventory calls the repositories that it keeps. */
  readonly tool: AddressedRepository["tool"];
  /** All that we put there, the newest first, as the repository lists it now. */
  readonly list: (
    repository: AddressedRepository,
    host: string,
  ) => Planning<readonly StoredBackup[] | WhyNot>;
  /** How many bytes a restore of it writes. */
  readonly sizeOf: (repository: AddressedRepository, host: string, id: string) => Planning<number | WhyNot>;
  /** Makes the repository. */
  readonly init: (repository: AddressedRepository, host: string) => RunStep;
  /** Of the folders that the label names. Done is what the repository lists: what could not be read whole it forgets. */
  readonly backup: (repository: AddressedRepository, label: BackupLabel) => RunStep;
  /** Puts the folders of a backup below `root`, and holds every file against the digests that the repository keeps. */
  readonly restore: (
    repository: AddressedRepository,
    host: string,
    backup: StoredBackup,
    root: string,
  ) => readonly RunStep[];
  /**
   * Gives backups up for good, while all of `kept` are still there, and frees their room. Done is what is not listed any
   * more: a repository that only takes may say yes to it and keep them.
   */
  readonly forget: (
    repository: AddressedRepository,
    host: string,
    gone: readonly StoredBackup[],
    kept: readonly StoredBackup[],
  ) => readonly RunStep[];
  /**
   * Has the tool check that all of it is there and fits together; with `readData` that all can be read, too, which takes as
   * long as restoring everything. Exit code 0: it is well, `damagedCode`: it is damaged. Any other: nobody knows.
   */
  readonly verify: (repository: AddressedRepository, host: string, readData: boolean) => RunStep;
}

export const damagedCode = 65;
