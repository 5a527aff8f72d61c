import { Failure } from "../errors.ts";
import type { Plan } from "../plan/plan.ts";
import type { Work } from "./hands.ts";
import { type Change, lockHost, unlockHost } from "./host-locks.ts";
import { persist } from "./persist.ts";

/**
 * One after the other in sorted order, so that two operations never wait for one another. Resolves with what others
 * changed there since we held them last. All or none: those that were not ours before are given back when one is not to be had.
 */
export async function lockAll({ id, title, hosts }: Plan, work: Work): Promise<readonly Change[]> {
  const { transport, owner, patienceMs } = work;
  const taken: string[] = [];
  const changes: Change[] = [];
  try {
    for (const host of [...hosts].sort()) {
      const hold = await persist(patienceMs, () => lockHost(transport.link(host), id, owner, title));
      if (hold.isNew) taken.push(host);
      changes.push(...hold.changes);
    }
  } catch (error) {
    await unlockAll({ id, hosts: taken }, { ...work, patienceMs: 0 });
    throw error;
  }
  return changes;
}

/** Nothing happens where we hold nothing. That a lock stays is said by whoever meets it next. */
export async function unlockAll(
  { id, hosts }: Pick<Plan, "id" | "hosts">,
  { transport, patienceMs }: Work,
): Promise<void> {
  await Promise.all(
    hosts.map((host) =>
      persist(patienceMs, () => unlockHost(transport.link(host), id)).catch((error) => {
        if (!(error instanceof Failure)) throw error;
      }),
    ),
  );
}
