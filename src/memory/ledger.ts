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

type Seen = { readonly [State in keyof Watched]: [number, number][] };
interface Last {
  readonly state: keyof Watched;
  readonly at: number;
}

// Who is killed loses no more than that of what was seen.
const everyMs = { quiet: 10 * 60_000, changed: 30_000 };

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
    const { service, health, seenAt, rest } = known;
    if (service.sla?.downtimeMs === undefined || seenAt === undefined || health === "unknown") return;
    const at = seenAt.getTime();
    // Who stopped it on purpose planned that it is down.
    const state = rest !== undefined ? "planned" : health === "failed" ? "down" : "up";
    const { name } = service;
    const last = lasts.get(name);
    if (last && at <= last.at) return;
    const spans = seen.get(name) ?? { up: [], down: [], planned: [] };
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
    kept = store.add(seen);
    // What is written down is known from there; what goes on, goes on from its end.
    seen.clear();
    for (const [name, { state, at }] of lasts)
      seen.set(name, { up: [], down: [], planned: [], [state]: [[at, at]] });
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
      const isUp = lasts.get(name)?.state === "up";
      const key = `${Math.floor(now / (isUp ? 60_000 : 5_000))} ${isUp}`;
      const before = budgets.get(name);
      if (before?.key === key) return before.budget;
      const own = seen.get(name);
      const others = stored().get(name);
      const watched = own && others ? mergeWatched(others, own) : (own ?? others);
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
