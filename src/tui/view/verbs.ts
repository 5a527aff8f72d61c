import type { WhyNot } from "../../backends/verbs.ts";
import type { Copy } from "../../operations/copies.ts";
import type { Request } from "../../operations/operations.ts";
import { toAge, toSize } from "../../words.ts";
import type { Changing } from "../changing.ts";
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
  /** Choices that hosts have to be asked for. Rejects with why there are none. */
  readonly find?: (ref: Ref, changing: Changing) => Promise<readonly Choice[]>;
  /** What nothing typed means; without, something has to be typed. */
  readonly otherwise?: string;
}

export interface Choice {
  readonly title: string;
  readonly answer: string;
  /** What stands beside it. */
  readonly about?: string;
}

export type Answers = Readonly<Record<string, string>>;

/** What was answered so far, and what is asked now. */
export interface Asking {
  readonly verb: Verb;
  readonly ref: Ref;
  readonly answers: Answers;
  readonly ask: Ask;
  /** What was found, once it is. */
  readonly found?: readonly Choice[];
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
  {
    verb: "backup",
    title: "Back up",
    action: "thing.backups",
    kinds: ["service"],
    toRequest: (name) => ({ verb: "backup", name }),
  },
  {
    verb: "restore",
    title: "Restore",
    action: "thing.backups",
    kinds: ["service"],
    asks: [
      { id: "from", title: "from which copy?", find: ({ id }, { copies }) => copies(id).then(toChoices) },
      { id: "to", title: "to which host?", choices: hostChoices },
      {
        id: "how",
        title: "for good?",
        choices: () => [
          { title: "Bring it back", answer: "", about: "in the place of what is there, which is kept" },
          { title: "Only try it", answer: "drill", about: "to scratch, started apart, and thrown away" },
        ],
      },
    ],
    toRequest: (name, { from, to, how }) => ({
      verb: "restore",
      name,
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(how === "drill" ? { drill: true } : {}),
    }),
  },
  {
    verb: "rollback",
    title: "Take the last upgrade back",
    kinds: ["service"],
    asks: [
      {
        id: "data",
        title: "with its data?",
        choices: () => [
          { title: "Leave the data as it is", answer: "" },
          { title: "Bring the old data back, too", answer: "old", about: "what is there now is kept" },
        ],
      },
    ],
    // Which upgrade that is, the journals say.
    toRequest: (name, { data }) => ({ verb: "rollback", name, of: undefined, withData: data === "old" }),
  },
  {
    verb: "upgrade-host",
    title: "Upgrade its packages",
    action: "thing.upgrade",
    kinds: ["host"],
    asks: [
      {
        id: "reboot",
        title: "and if it has to be started anew?",
        choices: () => [
          { title: "Leave that to me", answer: "" },
          { title: "Start it anew when it needs that", answer: "yes" },
        ],
      },
    ],
    toRequest: (name, { reboot }) => ({
      verb: "upgrade-host",
      name,
      ...(reboot === "yes" ? { reboot: true } : {}),
    }),
  },
];

const toChoices = (copies: readonly Copy[]): readonly Choice[] =>
  copies.map((copy) => ({
    title: `${copy.at.toISOString().slice(0, 16).replace("T", " ")}  ${toAge(copy.at, new Date())}`,
    answer: copy.id,
    about: [
      toSize(copy.sizeBytes),
      copy.host,
      copy.kind === "snapshot" ? "snapshot" : `backup in ${copy.store.repository.name}`,
      copy.consistency ?? "",
    ]
      .filter((word) => word !== "")
      .join("  "),
  }));

function hostChoices({ id }: Ref, lab: Lab): readonly Choice[] {
  const home = lab.service(id)?.host;
  const others = lab.homelab.hosts.filter(({ name }) => name !== home);
  return [
    { title: home ?? "where it is", answer: "", about: "where it is" },
    ...others.map(({ name }) => ({ title: name, answer: name })),
  ];
}

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
