/** What a snapshot holds. The data may have been in use; was at rest; or a hook of its owner made it whole first. */
export const consistencies = ["crash-consistent", "quiesced", "app-consistent"] as const;
export type Consistency = (typeof consistencies)[number];

/** What the name of a snapshot of ours tells: it is with the snapshot wherever that is sent. */
export interface SnapshotTag {
  readonly takenAt: Date;
  readonly operation: string;
  /** As it is spelt in names: lower case, all else is `-`. */
  readonly service: string;
  /** Undefined: nobody wrote it down. */
  readonly consistency?: Consistency;
}

const words: Readonly<Record<string, Consistency>> = {
  crash: "crash-consistent",
  quiesced: "quiesced",
  app: "app-consistent",
};

/** `scrap-20261121-1413-snapshot-web-x7k2.app`, for the plan `20261121-1413-snapshot-apps-x7k2` of which web is a part. */
export function toSnapshotTag(planId: string, service: string, consistency: Consistency): string {
  const [day = "", minute = "", operation = "", ...rest] = planId.split("-");
  const word = Object.keys(words).find((each) => words[each] === consistency);
  return `scrap-${day}-${minute}-${operation}-${toTagWord(service)}-${rest.at(-1)}.${word}`;
}

/** A name as it is spelt in tags. */
export const toTagWord = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

/** Undefined for the snapshots of others. */
export function parseSnapshotTag(tag: string): SnapshotTag | undefined {
  const parts = /^scrap-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)-([a-z]+)-(.+)-[a-z0-9]+(?:\.([a-z]+))?$/.exec(tag);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, operation = "", service = "", word = ""] = parts;
  const takenAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  if (Number.isNaN(takenAt.getTime())) return undefined;
  const consistency = words[word];
  return { takenAt, operation, service, ...(consistency ? { consistency } : {}) };
}

/** What every tool takes for a part of a name, and no shell or tool for anything else. */
export const isSnapshotName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/.test(text);
