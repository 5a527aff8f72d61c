import * as z from "zod";
import type { StoredBackup } from "../backup-verbs.ts";
import { known } from "../known.ts";
import { parseJson } from "../parse.ts";
import { parseTags } from "./label.ts";

const snapshots = z.array(
  z.object({
    id: z.string(),
    time: z.string(),
    tags: z.array(z.string()).optional(),
    /** Since 0.17. */
    summary: z.object({ total_bytes_processed: z.number() }).optional(),
  }),
);

/** Nothing at all is `null` to some versions. */
export const parseSnapshots = (stdout: string): readonly StoredBackup[] =>
  parseJson(stdout, snapshots.nullable())
    ?.flatMap(({ id, time, tags = [], summary }) => {
      const label = parseTags(tags);
      const sizeBytes = summary?.total_bytes_processed;
      return label ? [{ ...label, id: id.slice(0, 8), at: new Date(time), ...known({ sizeBytes }) }] : [];
    })
    .sort((a, b) => b.at.getTime() - a.at.getTime()) ?? [];
