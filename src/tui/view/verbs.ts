import type { WhyNot } from "../../backends/contract.ts";
import type { Request } from "../../operations/operations.ts";
import type { ActionId } from "../input/actions.ts";
import type { Lab, Ref } from "./lab.ts";

/** Something that can be done to a thing. To add one, write its row, and what it needs in `operations/possible.ts`. */
export interface Verb {
  readonly verb: Request["verb"];
  readonly title: string;
  /** Whose key chooses it without the menu. */
  readonly action?: ActionId;
  readonly kinds: readonly Ref["kind"][];
  /** Asked one after the other before it is planned. */
  readonly asks?: readonly Ask[];
  /** `name`: of a service, or the id of a resource. */
  readonly toRequest: (name: string, answers: Answers) => Request;
}

/** A question to the person: with choices one of them, else what is typed. */
export interface Ask {
  readonly id: string;
  readonly title: string;
  readonly choices?: (ref: Ref, lab: Lab) => readonly Choice[];
  /** What nothing typed means; without, something has to be typed. */
  readonly otherwise?: string;
}

export interface Choice {
  readonly title: string;
  readonly answer: string;
  readonly hint?: string;
}

export type Answers = Readonly<Record<string, string>>;

/** What was answered so far, and what is asked now. */
export interface Asking {
  readonly verb: Verb;
  readonly ref: Ref;
  readonly answers: Answers;
  readonly ask: Ask;
}

const whatRuns = ["service", "unit", "container", "pod", "project"] as const;

/** In the order of the menu. */
export const verbs: readonly Verb[] = [
  { verb: "start", title: "Start", kinds: whatRuns, toRequest: (name) => ({ verb: "start", name }) },
  { verb: "stop", title: "Stop", kinds: whatRuns, toRequest: (name) => ({ verb: "stop", name }) },
  { verb: "restart", title: "Restart", kinds: whatRuns, toRequest: (name) => ({ verb: "restart", name }) },
  {
    verb: "deploy",
    title: "Deploy",
    action: "thing.deploy",
    kinds: ["service"],
    toRequest: (name) => ({ verb: "deploy", name }),
  },
  {
    verb: "upgrade",
    title: "Upgrade",
    action: "thing.upgrade",
    kinds: ["service"],
    asks: [{ id: "to", title: "To which version", otherwise: "the newest" }],
    toRequest: (name, { to }) => ({ verb: "upgrade", name, ...(to ? { to } : {}) }),
  },
  {
    verb: "snapshot",
    title: "Snapshot",
    action: "thing.snapshot",
    kinds: ["service"],
    toRequest: (name) => ({ verb: "snapshot", name, names: [name] }),
  },
  { verb: "backup", title: "Backup", kinds: ["service"], toRequest: (name) => ({ verb: "backup", name }) },
  {
    verb: "restore",
    title: "Restore",
    kinds: ["service"],
    asks: [{ id: "from", title: "From which copy: its id, or a time such as 2h" }],
    toRequest: (name, { from }) => ({ verb: "restore", name, ...(from ? { from } : {}) }),
  },
];

const changes: readonly ActionId[] = [
  "thing.deploy",
  "thing.upgrade",
  "thing.snapshot",
  "thing.backups",
  "thing.migrate",
  "thing.empty",
];

/** Of what has a key already, what nothing carries out yet. */
export const notYet = (verbs: readonly Verb[]): readonly ActionId[] =>
  changes.filter((id) => !verbs.some(({ action }) => action === id));

export const whyNotYet = (id: ActionId, verbs: readonly Verb[]): WhyNot | undefined =>
  notYet(verbs).includes(id) ? { whyNot: "not yet in this version" } : undefined;
