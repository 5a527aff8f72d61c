import type { BackupLabel, StoredBackup } from "../backends/backup-verbs.ts";
import type { Beside } from "../backends/data-verbs.ts";
import type { WhyNot } from "../backends/verbs.ts";
import type { Repository } from "../inventory/inventory.ts";
import type { RunStep, Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Seen } from "./mount-view.ts";
import type { Place } from "./places.ts";

/** What there is to copy: places of a service on one host, at one moment where they have a snapshot. */
export interface Copying {
  readonly host: string;
  readonly label: BackupLabel;
  /** As the label has them. */
  readonly places: readonly Place[];
  /** Of the snapshot, which this very plan makes. */
  readonly tag: string;
  /** Where its files are seen while it is copied. */
  readonly seen: readonly Seen[];
  readonly at: Date;
  /** There is no repository yet. */
  readonly isNew: boolean;
}

/** Where a backup is to be brought: for each place that it has, what was made to be filled. */
export interface Bringing {
  readonly host: string;
  readonly backup: StoredBackup;
  /** In the order of the backup's places; undefined for one that is not wanted. */
  readonly besides: readonly (Beside | undefined)[];
  /** A folder for whoever needs one. */
  readonly root: string;
}

/** A disk that is plugged in now and then. */
export interface Medium {
  readonly label: string;
  readonly isThere: boolean;
  /** When something was copied to it last, as far as its host knows. */
  readonly seenAt?: Date;
  readonly uuid?: string;
}

/** A repository, and how it is read and written. */
export interface Store {
  readonly repository: Repository;
  /** The host that it belongs to. Others have each its own way to it. */
  readonly at?: string;
  /** What it lists now, the newest first. */
  readonly list: (host: string) => Planning<readonly StoredBackup[] | WhyNot>;
  /** How many bytes a restore of it writes. */
  readonly sizeOf: (host: string, id: string) => Planning<number | WhyNot>;
  /** Makes the repository; absent where that is part of the copying. */
  readonly init?: (host: string) => RunStep;
  /** Gives backups up for good; see `BackupVerbs`. Absent where that is for its owner to do. */
  readonly forget?: (
    host: string,
    gone: readonly StoredBackup[],
    kept: readonly StoredBackup[],
  ) => readonly RunStep[];
  /** Has its tool check it; see `BackupVerbs`. Absent where there is none that could. */
  readonly verify?: (host: string, readData: boolean) => RunStep;
  /** It has to see the files. */
  readonly needsFiles: boolean;
  readonly copy: (copying: Copying) => Planning<readonly Step[]>;
  /** Fills what was made, and holds it against what was copied. */
  readonly bring: (bringing: Bringing) => Planning<readonly Step[]>;
  /** Why it cannot be copied to just now, where that is to be expected. */
  readonly absence?: () => Planning<WhyNot | undefined>;
  /** What it is on, where that is taken away. */
  readonly medium?: () => Planning<Medium>;
  /** It goes on from what it has: the newest snapshot of a place that both sides have. */
  readonly base?: (place: Place, host: string) => Planning<string | undefined | WhyNot>;
}
