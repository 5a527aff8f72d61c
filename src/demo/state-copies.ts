import { fractionOf, hexOf } from "./stand-ins.ts";

/** A repository of restic, somewhere else. All hosts that know its address see the same. */
export interface Repository {
  readonly address: string;
  readonly password: string;
  readonly snapshots: StoredSnapshot[];
  /** What hosts put there by themselves, each half an hour. */
  readonly regular: readonly RegularBackup[];
}

export interface StoredSnapshot {
  readonly id: string;
  readonly at: Date;
  readonly host: string;
  readonly paths: readonly string[];
  readonly tags: readonly string[];
  readonly bytes: number;
}

export interface RegularBackup {
  readonly service: string;
  readonly host: string;
  /** As backups are labelled: `zfs:tank/documents=/tank/documents`. */
  readonly place: string;
  readonly consistency: string;
  readonly bytes: number;
}

const everyMs = 1_800_000;
const kept = 6;

/** All that it lists at that time, the oldest first. */
export function snapshotsIn({ snapshots, regular }: Repository, now: Date): readonly StoredSnapshot[] {
  const made = regular.flatMap((one) =>
    Array.from({ length: kept }, (_, back) => {
      // Not all at once.
      const offset = Math.round(fractionOf(one.service) * 600_000);
      const at = (Math.floor((now.getTime() - offset) / everyMs) - back) * everyMs + offset;
      return toSnapshot(one, new Date(at));
    }),
  );
  return [...made, ...snapshots].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function toSnapshot({ service, host, place, consistency, bytes }: RegularBackup, at: Date): StoredSnapshot {
  const seed = `${service} ${at.getTime()}`;
  const [day = "", time = ""] = at.toISOString().replace(/[-:]/g, "").split("T");
  const operation = `${day}-${time.slice(0, 4)}-backup-${service}-${hexOf(seed, 4)}`;
  return {
    id: hexOf(seed, 64),
    at,
    host,
    paths: [place.slice(place.indexOf("=") + 1)],
    tags: [
      "scrap",
      `service=${service}`,
      `op=${operation}`,
      `host=${host}`,
      `consistency=${consistency}`,
      place,
    ],
    bytes,
  };
}
