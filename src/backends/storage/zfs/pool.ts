/** A device, or a group of devices, of a pool. Source of the words: zpoolconcepts(7). */
export interface Vdev {
  /** `mirror-0`, or the path of a device. */
  readonly name: string;
  /** ONLINE, DEGRADED, FAULTED, OFFLINE, REMOVED, UNAVAIL; of spares AVAIL, INUSE. */
  readonly state: string;
  readonly errors: { readonly read: number; readonly write: number; readonly checksum: number };
  /** Empty for a device. */
  readonly children: readonly Vdev[];
}

/** A scrub or resilver, the last one or the one under way. */
export interface Scan {
  readonly doing: "scrub" | "resilver";
  readonly isRunning: boolean;
  readonly doneRatio?: number;
  readonly leftMs?: number;
  readonly endedAt?: string;
}

/** What `zpool status` says of one pool, in either dialect. */
export interface Pool {
  readonly name: string;
  /** ONLINE although a device gives wrong data: the counters tell. */
  readonly state: string;
  /** What is the matter, where that is a fault: features that are not enabled are none. */
  readonly fault?: string;
  readonly scan?: Scan;
  /** Files or blocks for which there is no good copy. */
  readonly dataErrors: number;
  readonly vdevs: readonly Vdev[];
  /** What keeps no data of its own: dedup, special, logs, cache, spares, in the order of the status for people. */
  readonly beside: readonly Vdev[];
}

export const devicesOf = (vdev: Vdev): readonly Vdev[] =>
  vdev.children.length === 0 ? [vdev] : vdev.children.flatMap(devicesOf);

export const allVdevs = ({ vdevs, beside }: Pool): readonly Vdev[] => [...vdevs, ...beside];

/** Groups that bear the loss of a device: mirror, raidz, draid, and what stands in for one. */
export const groupsOf = (vdev: Vdev): readonly Vdev[] =>
  vdev.children.length === 0 ? [] : [vdev, ...vdev.children.flatMap(groupsOf)];

/** The first sentence of a text that is broken into lines. */
export const firstSentence = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\.\s.*$/, "")
    .replace(/\.$/, "");
