import * as z from "zod";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { StoredBackup } from "../../backup-verbs.ts";
import { asRoot } from "../../storage/data-steps.ts";
import type { WhyNot } from "../../verbs.ts";
import { parseSnapshots } from "../restic-listing.ts";
import type { ColdRepository } from "./disk.ts";

/** What was on a disk when it was seen last. */
export interface DiskRecord {
  readonly seenAt: Date;
  readonly uuid: string;
  readonly serial?: string;
  readonly backups: readonly StoredBackup[];
}

export const recordOf = (name: string): string => `/var/lib/scrap/cold/${name}`;

const about = z.object({ uuid: z.string().regex(/^[\w-]+$/), serial: z.string().max(200).optional() });

/** As its host noted it. */
export function* readRecord({ name, label, host }: ColdRepository): Planning<DiskRecord | WhyNot> {
  const { exitCode, stdout } = yield* askHost(host, asRoot("cat", "--", recordOf(name)));
  if (exitCode !== 0)
    return {
      whyNot: `Nothing was backed up to the disk ${label} yet, as far as ${host} knows.`,
      hint: `Plug in the disk labelled ${label} at ${host}: with --init a backup makes a repository on it first.`,
      isMissing: true,
    };
  const [at = "", who = "", ...listing] = stdout.split("\n");
  try {
    const { uuid, serial } = about.parse(JSON.parse(who));
    const seenAt = new Date(at);
    if (Number.isNaN(seenAt.getTime())) throw new RangeError(at);
    const backups = parseSnapshots(listing.join("\n"));
    return { seenAt, uuid, backups, ...(serial === undefined ? {} : { serial }) };
  } catch {
    return { whyNot: `What ${host} noted of the disk ${label} cannot be read: ${recordOf(name)}` };
  }
}
