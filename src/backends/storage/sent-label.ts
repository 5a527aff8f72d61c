import * as z from "zod";
import { sha256 } from "../../plan/digest.ts";
import { isSnapshotName } from "../../plan/snapshot-tag.ts";
import { consistencyLevels, dataKinds } from "../backup-verbs.ts";
import type { ReceivingRepository, SentLabel } from "../send-verbs.ts";

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

export const toLabelText = ({ service, operation, host, consistency, places, tag, at }: SentLabel): string =>
  JSON.stringify({ service, operation, host, consistency, places, tag, at });

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
