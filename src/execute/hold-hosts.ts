import { Failure } from "../errors.ts";
import type { Plan } from "../plan/plan.ts";
import type { Work } from "./hands.ts";
import { lockHost, unlockHost } from "./host-locks.ts";
import { persist } from "./persist.ts";

/** One after the other in sorted order, so that two operations never wait for one another. */
export async function lockAll({ id, title, hosts }: Plan, work: Work): Promise<void> {
  const { transport, owner, patienceMs } = work;
  for (const host of [...hosts].sort())
    await persist(patienceMs, () => lockHost(transport.link(host), id, owner, title));
}

/** Nothing happens where we hold nothing. That a lock stays is said by whoever meets it next. */
export async function unlockAll({ id, hosts }: Plan, { transport, patienceMs }: Work): Promise<void> {
  await Promise.all(
    hosts.map((host) =>
      persist(patienceMs, () => unlockHost(transport.link(host), id)).catch((error) => {
        if (!(error instanceof Failure)) throw error;
      }),
    ),
  );
}
