import { parseSnapshotTag } from "../../plan/snapshot-tag.ts";
import type { NewestSnapshots } from "../resource.ts";

/** Who makes one here is seen at once all the same: after an operation its hosts are asked everything. */
export const snapshotsFreshMs = 12 * 60_000;

type Listed = NewestSnapshots["newest"][number];

/** Of each service whose name ours carry the newest, and of those that others made. */
export function newestOf(listed: readonly Listed[]): readonly Listed[] {
  const newest = new Map<string, Listed>();
  for (const { tag, at } of listed) {
    const service = parseSnapshotTag(tag)?.service ?? "";
    const before = newest.get(service);
    if (!before || before.at < at) newest.set(service, { tag, at });
  }
  return [...newest.values()].toSorted((a, b) => b.at.localeCompare(a.at));
}
