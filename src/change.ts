// Lets the cockpit plan operations and look on while they are carried out.
import type { Operations } from "./cli/context.ts";
import { lastUpgrade } from "./cli/last-upgrade.ts";
import { Refused, UsageError } from "./errors.ts";
import type { Repository } from "./inventory/inventory.ts";
import type { Homelab } from "./model/homelab.ts";
import type { KnownService } from "./model/services.ts";
import type { Observer } from "./observe/observer.ts";
import { listBackups, toKnown } from "./operations/backups.ts";
import { listCopies } from "./operations/copies.ts";
import { hostsFor } from "./operations/operations.ts";
import { whyNot } from "./operations/possible.ts";
import type { ObservedSession } from "./session.ts";
import type { Changing } from "./tui/changing.ts";

// Longer than a slow host takes; who hangs then is planned without, or refused.
const timeoutMs = 20_000;

interface ChangeOptions {
  readonly session: ObservedSession;
  /** The one that watches: what it hears while planning is seen at once. */
  readonly observer: Observer;
  readonly operations: Operations;
  readonly read: () => Homelab;
}

export function createChanging({
  session,
  observer,
  operations,
  read,
}: ChangeOptions): Changing & { readonly stop: () => void } {
  const { inventory, backends } = session;
  const journals = operations.watch();
  /** The services whose repositories are just being asked. */
  const asked = new Set<string>();
  const triedAt = new Map<string, number>();
  const asking = {
    ...session,
    // What grew old is asked again; all else was answered a moment ago.
    once: (hosts: readonly string[], withinMs: number) => observer.once(hosts, AbortSignal.timeout(withinMs)),
  };
  return {
    whyNot: (verb, name) => whyNot(verb, name, { inventory, backends, homelab: read() }),
    plan: (request) => {
      const whole =
        request.verb === "rollback"
          ? { ...request, of: lastUpgrade(request.name, journals.operations()) }
          : request;
      return operations.plan(whole, { session: asking, hosts: hostsFor(whole, inventory), timeoutMs });
    },
    copies: async (name) => {
      const service = inventory.services.get(name);
      if (!service) throw new UsageError(`${name} is no service of the inventory.`);
      const host = read().services.find((known) => known.service === service)?.host ?? service.home;
      const { copies, unknown } = await operations.ask(listCopies(service, host, session), session);
      if (copies.length === 0) throw new Refused([`There is no copy of ${name}.`, ...unknown].join("\n"));
      return copies;
    },
    askRepositories: async (olderThanMs, unattended) => {
      const isDue = ({ service, copies }: KnownService) =>
        service.backups.some(({ to }) => {
          if (unattended && mayAsk(inventory.repositories.get(to))) return false;
          const { askedAt } = copies.backups.find(({ repository }) => repository === to) ?? {};
          const knownAt = askedAt === undefined ? 0 : Date.parse(askedAt);
          return Date.now() - Math.max(knownAt, triedAt.get(service.name) ?? 0) > olderThanMs;
        });
      const due = read()
        .services.filter((known) => !asked.has(known.service.name) && isDue(known))
        .map(({ service }) => service);
      for (const { name } of due) {
        asked.add(name);
        triedAt.set(name, Date.now());
      }
      try {
        if (due.length > 0)
          session.learn(toKnown(await operations.ask(listBackups(due, session), session), new Date()));
      } finally {
        for (const { name } of due) asked.delete(name);
      }
      return due.length;
    },
    start: async (plan) => {
      await operations.start(plan, inventory);
      journals.look();
    },
    resume: async (id, decision) => {
      await operations.resume(id, decision ? [decision] : []);
      journals.look();
    },
    unlock: async (id) => {
      const { hosts } = operations.load(id).plan;
      await Promise.all(hosts.map((host) => operations.unlock(host, id, session.transport)));
    },
    cancel: (id, wish) => operations.cancel(id, wish),
    operations: journals.operations,
    subscribe: journals.subscribe,
    output: (id, onOutput, signal) => operations.follow(id, { onOutput, onRecord: () => {} }, signal),
    stop: journals.stop,
  };
}

/** A program that knows the password may want a person to say who they are. */
const mayAsk = (repository: Repository | undefined) => /^(cmd|pass):/.test(repository?.password ?? "");
