// Plans operations, has them carried out, and looks on. Ties the rooms together for the faces.
import { randomBytes } from "node:crypto";
import { answer } from "./answer.ts";
import type { Operations } from "./cli/context.ts";
import { lastErrors } from "./detach.ts";
import { type Drivers, whoAsks } from "./drive.ts";
import { Refused } from "./errors.ts";
import { surveyHost } from "./execute/host-jobs.ts";
import { unlockHost } from "./execute/host-locks.ts";
import { isOpenEnd } from "./execute/story.ts";
import { claimDriver, heldBy, readDriver } from "./journal/driver.ts";
import { followOperation } from "./journal/follow.ts";
import { createJournal, listJournals, openJournal, readJournal } from "./journal/journal.ts";
import { type Operation, toOperation } from "./journal/operation.ts";
import type { Decision } from "./journal/record.ts";
import { keepSeen } from "./journal/seen.ts";
import { byBeginning, summarise } from "./journal/standing.ts";
import { watchJournals } from "./journal/watch.ts";
import { planAutoUpdated } from "./operations/auto-updated.ts";
import { eyesFor, planFor, subjectOf } from "./operations/operations.ts";
import { planOutlook } from "./operations/outlook.ts";
import { parsePlan } from "./plan/parse-plan.ts";
import { toPlanId } from "./plan/plan.ts";

export interface OperateOptions {
  /** Of the journals. */
  readonly folder: string;
  readonly drivers: Drivers;
  readonly sshConfig?: string;
}

export function createOperations({ folder, drivers, sshConfig }: OperateOptions): Operations {
  const load = (id: string): Operation => {
    const operation = toOperation(readJournal(folder, id).records);
    if (!operation) throw new Refused(`The journal of ${id} has no plan.`);
    return operation;
  };

  return {
    plan: async (request, { session, hosts, timeoutMs }) => {
      const { inventory, transport, backends } = session;
      await session.once(hosts, timeoutMs, eyesFor(request, inventory));
      const now = new Date();
      const id = toPlanId(request.verb, subjectOf(request), now, randomBytes(2).toString("hex"));
      const ground = { inventory, backends, homelab: session.read([...inventory.hosts.keys()]), id, now };
      return answer(planFor(request, ground), transport);
    },
    outdated: async (names, { session, hosts, timeoutMs }) => {
      const { inventory, transport, backends } = session;
      await session.once(hosts, timeoutMs);
      const homelab = session.read(hosts);
      const services = [...inventory.services.values()].filter(
        ({ name }) => names.length === 0 || names.includes(name),
      );
      const [outlooks, updates] = await Promise.all([
        Promise.all(services.map((service) => answer(planOutlook(service, { inventory }), transport))),
        Promise.all(hosts.map((host) => answer(planAutoUpdated(host, { backends, homelab }), transport))),
      ]);
      return {
        services: outlooks,
        autoUpdates: updates.flatMap((update) => ("why" in update ? [] : update.entries)),
        unknown: updates.flatMap((update) => ("why" in update ? [update] : [])),
      };
    },
    ask: (planning, { transport }) => answer(planning, transport),
    see: (runs) => keepSeen(folder, runs),
    start: async (plan, inventory) => {
      const by = whoAsks({
        ...(inventory.file === undefined ? {} : { file: inventory.file }),
        ...(sshConfig === undefined ? {} : { sshConfig }),
      });
      // What could not be read again is not begun.
      parsePlan(plan, plan.id);
      createJournal(folder, plan.id, { kind: "plan", plan, by }).close();
      await drivers.start(plan.id);
    },
    resume: async (id, decisions = []) => {
      const { ended } = load(id);
      const driver = readDriver(folder, id);
      if (driver?.machine !== undefined) throw heldBy(id, driver);
      if (driver) return;
      if (ended && !isOpenEnd(ended.outcome)) return;
      if (decisions.length > 0) decide(folder, id, decisions);
      await drivers.start(id);
    },
    cancel: (id, wish) => {
      load(id);
      const driver = readDriver(folder, id);
      if (!driver) return false;
      if (driver.machine !== undefined) throw heldBy(id, driver);
      drivers.wish(id, driver.pid, wish);
      return true;
    },
    errors: (id) => lastErrors(folder, id),
    watch: () => watchJournals(folder),
    follow: (id, follower, signal) => followOperation(folder, id, follower, signal),
    ids: () => listJournals(folder),
    list: () =>
      listJournals(folder)
        .flatMap((id) => summarise(folder, id) ?? [])
        .toSorted(byBeginning),
    load,
    records: (id) => readJournal(folder, id).records,
    isDriven: (id) => readDriver(folder, id) !== undefined,
    survey: async (host, transport) => surveyHost(transport.link(host)),
    unlock: async (host, id, transport) => unlockHost(transport.link(host), id),
  };
}

interface Decided {
  readonly step?: string;
  readonly what: Decision;
}

/** What a person says of an operation that nobody drives, for whoever goes on with it. */
function decide(folder: string, id: string, decisions: readonly Decided[]): void {
  const claim = claimDriver(folder, id);
  try {
    const journal = openJournal(folder, id);
    for (const decided of decisions) journal.append({ kind: "decided", ...decided, by: whoAsks({}) });
    journal.close();
  } finally {
    claim.release();
  }
}
