import type { Backend } from "../backends/contract.ts";
import type { Finding } from "../backends/resource.ts";
import { byHealth } from "../backends/resource.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { hurtBy, sayHurt } from "./foundation.ts";
import {
  factsOf,
  type HostHealth,
  healthOfHost,
  type ProbeStatus,
  type Problem,
  probesOf,
  problemsOf,
  seenProbes,
  toProblem,
  type Unseen,
  unseenOf,
} from "./hosts.ts";
import { createResourceReader, type Known } from "./resources.ts";
import { type KnownJob, scheduledOn } from "./scheduled.ts";
import { createServiceReader, isSame, type KnownService, type RestOf } from "./services.ts";
import { type HostState, isComplete, type State } from "./state.ts";
import type { HostView, Views } from "./whereabouts.ts";

/** The whole homelab as it is known now: what every face draws and prints. */
export interface Homelab {
  readonly hosts: readonly KnownHost[];
  readonly services: readonly KnownService[];
  /** Of all hosts, those of a host together. */
  readonly resources: readonly Known[];
}

export interface KnownHost {
  readonly name: string;
  readonly address?: string;
  readonly state: HostHealth;
  readonly seenAt?: Date;
  /** How long it is silent at most while all is well: as long as its most frequent question stays fresh. */
  readonly freshMs?: number;
  readonly link: HostState["link"];
  readonly problems: readonly Problem[];
  readonly unseen: readonly Unseen[];
  readonly facts: ReturnType<typeof factsOf>;
  /** What it does by itself, on a schedule that was put there. */
  readonly scheduled?: readonly KnownJob[];
  readonly probes: Readonly<Record<string, ProbeStatus>>;
}

/** What follows from what is known. It is worked out once, for all who ask. */
export interface HomelabReader {
  /** What there is to see of some hosts. The services are those that have to do with these hosts. */
  readonly read: (state: State, hosts: readonly string[]) => Homelab;
  readonly services: (state: State) => readonly KnownService[];
  readonly resources: (host: HostState) => readonly Known[];
}

export function createHomelabReader(
  inventory: Inventory,
  backends: readonly Backend[],
  restOf?: RestOf,
): HomelabReader {
  const resources = createResourceReader(backends);
  const readServices = createServiceReader(inventory, restOf);
  const cache = new WeakMap<State, readonly KnownService[]>();
  const services = (state: State) => {
    const known = cache.get(state) ?? readServices(toViews(state, resources), state.backups);
    cache.set(state, known);
    return known;
  };

  // A host with services changes with them, and those with others.
  const hosts = new WeakMap<
    HostState,
    { readonly about: readonly KnownService[]; readonly known: KnownHost }
  >();
  const readHost = (
    host: HostState,
    on: readonly KnownService[],
    above: readonly KnownService[],
  ): KnownHost => {
    const before = hosts.get(host);
    const about = [...on, ...above];
    if (before && isSame(before.about, about)) return before.known;
    const known = knownHost(inventory, { host, resources: resources(host) }, on, above);
    hosts.set(host, { about, known });
    return known;
  };

  return {
    services,
    resources,
    read: (state, names) => {
      const wanted = new Set(names);
      const shown = services(state).filter(
        ({ service, host }) => wanted.has(host) || wanted.has(service.home),
      );
      const byHost = Map.groupBy(shown, ({ host }) => host);
      const above = groupByFoundation(services(state));
      const states = names.flatMap((name) => state.hosts.get(name) ?? []);
      return {
        hosts: states.map((host) => readHost(host, byHost.get(host.name) ?? [], above.get(host.name) ?? [])),
        services: shown,
        resources: states.flatMap(resources),
      };
    },
  };
}

/** By host those services that something there has a consequence for, wherever they run: data may be on a file server. */
function groupByFoundation(services: readonly KnownService[]): ReadonlyMap<string, readonly KnownService[]> {
  const above = new Map<string, KnownService[]>();
  for (const known of services) {
    const hosts = known.findings.flatMap((finding) =>
      "because" in finding ? (finding.because.split("/")[0] ?? []) : [],
    );
    for (const host of new Set(hosts)) above.set(host, [...(above.get(host) ?? []), known]);
  }
  return above;
}

const toViews = (state: State, resources: (host: HostState) => readonly Known[]): Views =>
  new Map([...state.hosts.values()].map((host) => [host.name, { host, resources: resources(host) }]));

function knownHost(
  inventory: Inventory,
  { host, resources }: HostView,
  services: readonly KnownService[],
  above: readonly KnownService[],
): KnownHost {
  const hurt = hurtBy(above);
  const own = problemsOf(host, resources).map((problem, index, all) =>
    all.findIndex(({ resource }) => resource === problem.resource) === index
      ? { ...problem, message: `${problem.message}${sayHurt(hurt.get(problem.resource))}` }
      : problem,
  );
  const problems = withServices(host, own, services);
  const address =
    host.link.status === "up" ? host.link.access.destination : inventory.hosts.get(host.name)?.address;
  const scheduled = scheduledOn(host);
  return {
    name: host.name,
    ...(address === undefined ? {} : { address }),
    state: healthOfHost(host, problems),
    ...(host.seenAt === undefined ? {} : { seenAt: host.seenAt }),
    freshMs: Math.min(...seenProbes(host).map(({ freshMs }) => freshMs), longestFreshMs),
    link: host.link,
    problems,
    unseen: unseenOf(host),
    facts: factsOf(resources),
    ...(scheduled.length > 0 ? { scheduled } : {}),
    probes: probesOf(host),
  };
}

// Where nothing was asked yet it does not matter.
const longestFreshMs = 60_000;

const isCertain = ({ severity }: Finding) => severity !== "unknown";

/** A service that is not well says it for its parts, once. While its host is away, the host says it for all. */
function withServices(
  host: HostState,
  problems: readonly Problem[],
  services: readonly KnownService[],
): readonly Problem[] {
  if (host.link.status === "down") return problems;
  // Until everything was asked, what is not seen may still turn up.
  const here = isComplete(host)
    ? services
    : services.map((service) => ({ ...service, findings: service.findings.filter(isCertain) }));
  const spoken = new Set(here.flatMap(({ parts }) => parts.map(({ id }) => id)));
  const own = here.flatMap(({ id, findings }) =>
    findings.flatMap((finding) => ("because" in finding ? [] : toProblem(finding, "service", id))),
  );
  const told = new Set(here.flatMap(({ findings }) => findings.flatMap(({ of }) => (of ? toUnit(of) : []))));
  const isTold = ({ kind, resource }: Problem) =>
    spoken.has(resource) || ((kind === "unit" || kind === "timer") && told.has(toUnit(resource)));
  return [...own, ...problems.filter((problem) => !isTold(problem))].toSorted((a, b) =>
    byHealth(a.severity, b.severity),
  );
}

/** `web` of `unit:web.service` and of `vps1/systemd/timer/web.timer`. */
const toUnit = (name: string) => name.replace(/^.*[:/]/, "").replace(/\.(service|timer)$/, "");
