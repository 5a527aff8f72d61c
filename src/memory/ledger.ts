import { type Budget, blinkMs, budgetOf, mergeWatched, type Span, type Watched } from "../model/budget.ts";
import type { KnownService } from "../model/services.ts";

/** When which service was seen up or down, by service. */
export type Ledger = ReadonlyMap<string, Watched>;

export interface LedgerKeeper {
  /** What is seen of services now, by who watches them. */
  readonly note: (services: readonly KnownService[]) => void;
  /** The same object for a minute, unless it is down. */
  readonly budgetOf: (known: KnownService, now: number) => Budget | undefined;
  /** Writes down what is new, where that is due; or now. */
  readonly save: (when: "due" | "now") => void;
}

/** Where it is kept. `add` unites it with what others wrote meanwhile, and tells the whole. */
export interface LedgerStore {
  readonly read: () => Ledger;
  readonly add: (more: Ledger) => Ledger;
}

type Seen = { readonly up: [number, number][]; readonly down: [number, number][] };
interface Last {
  readonly state: "up" | "down";
  readonly at: number;
}

// Who is killed loses no more than that of what was seen.
const everyMs = { quiet: 10 * 60_000, changed: 30_000 };
const nothing: Watched = { up: [], down: [], planned: [] };

export function createLedger(store: LedgerStore): LedgerKeeper {
  let kept: Ledger | undefined;
  const seen = new Map<string, Seen>();
  const lasts = new Map<string, Last>();
  const budgets = new Map<string, { readonly key: string; readonly budget: Budget | undefined }>();
  let savedAt = Date.now();
  let isChanged = false;
  let isNew = false;

  const stored = () => {
    kept ??= store.read();
    return kept;
  };
  const note = (known: KnownService) => {
    const { service, health, seenAt } = known;
    if (service.sla?.downtimeMs === undefined || seenAt === undefined || health === "unknown") return;
    const at = seenAt.getTime();
    const state = health === "failed" ? "down" : "up";
    const { name } = service;
    const last = lasts.get(name);
    if (last && at <= last.at) return;
    const spans = seen.get(name) ?? { up: [], down: [] };
    const open = last && at - last.at <= blinkMs ? spans[last.state].at(-1) : undefined;
    // Until it is seen otherwise it is as it was.
    if (open) open[1] = at;
    if (!open || last?.state !== state) spans[state].push([at, at]);
    if (last && last.state !== state) isChanged = true;
    isNew = true;
    seen.set(name, spans);
    lasts.set(name, { state, at });
  };
  const save = () => {
    savedAt = Date.now();
    // Others may have written meanwhile.
    kept = undefined;
    if (!isNew) return;
    kept = store.add(new Map([...seen].map(([name, { up, down }]) => [name, { ...nothing, up, down }])));
    // What is written down is known from there; what goes on, goes on from its end.
    seen.clear();
    for (const [name, { state, at }] of lasts) {
      const open: [number, number] = [at, at];
      seen.set(name, { up: state === "up" ? [open] : [], down: state === "down" ? [open] : [] });
    }
    isChanged = false;
    isNew = false;
  };

  return {
    note: (services) => {
      for (const known of services) note(known);
    },
    budgetOf: ({ service }, now) => {
      if (service.sla?.downtimeMs === undefined) return undefined;
      const { name } = service;
      const isDown = lasts.get(name)?.state === "down";
      const key = `${Math.floor(now / (isDown ? 5_000 : 60_000))} ${isDown} ${lasts.has(name)}`;
      const before = budgets.get(name);
      if (before?.key === key) return before.budget;
      const own = seen.get(name);
      const before_ = stored().get(name);
      const watched = own ? mergeWatched(before_ ?? nothing, { ...nothing, ...own }) : before_;
      const budget = budgetOf(service.sla, watched, now);
      budgets.set(name, { key, budget });
      return budget;
    },
    save: (when) => {
      const sinceMs = Date.now() - savedAt;
      if (when === "now" || sinceMs > everyMs.quiet || (isChanged && sinceMs > everyMs.changed)) save();
    },
  };
}

/** Without what is over for so long that no budget counts it any more. */
export function forgetBefore(ledger: Ledger, begin: number): Ledger {
  const since = (spans: readonly Span[]) => spans.filter(([, to]) => to >= begin);
  return new Map(
    [...ledger].flatMap(([name, { up, down, planned }]): [string, Watched][] => {
      const left = { up: since(up), down: since(down), planned: since(planned) };
      return left.up.length + left.down.length + left.planned.length === 0 ? [] : [[name, left]];
    }),
  );
}
