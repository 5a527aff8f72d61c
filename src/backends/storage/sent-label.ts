import * as z from "zod";
import { sha256 } from "../../plan/digest.ts";
import { isSnapshotName } from "../../plan/snapshot-tag.ts";
import { type BackupLabel, consistencyLevels, dataKinds } from "../backup-verbs.ts";
import type { ReceivingRepository } from "../send-verbs.ts";

const plain = z.string().regex(/^[^\p{Cc}\p{Cf}]{1,4096}$/u);

/** Whoever writes there may have written anything. */
const label = z.object({
  service: plain,
  operation: plain,
  host: plain,
  consistency: z.enum(consistencyLevels),
  places: z.array(
    z.object({
      kind: z.enum(dataKinds),
      name: plain,
      path: plain.regex(/^\//).refine((path) => !path.split("/").includes("..")),
    }),
  ),
  tag: z.string().refine(isSnapshotName),
  at: z.iso.datetime(),
});

/** What is kept with a copy that was sent. */
export interface SentLabel extends BackupLabel {
  readonly tag: string;
  readonly at: string;
}

export const toLabelText = (
  { service, operation, host, consistency, places }: BackupLabel,
  tag: string,
  at: Date,
): string =>
  `${JSON.stringify({ service, operation, host, consistency, places, tag, at: at.toISOString() } satisfies SentLabel)}\n`;

/** Undefined for what is none. */
export function parseLabel(text: string): SentLabel | undefined {
  try {
    return label.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** As short as those of other tools, and the same each time. */
export const toCopyId = ({ name }: ReceivingRepository, { tag, host }: SentLabel): string =>
  sha256(`${name} ${host} ${tag}`).slice(0, 8);
