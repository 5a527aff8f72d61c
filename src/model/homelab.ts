import type { Backend, Finding } from "../backends/contract.ts";
import { byHealth } from "../backends/contract.ts";
import type { Inventory } from "../inventory/inventory.ts";
import {
  factsOf,
  type HostHealth,
  healthOfHost,
  type ProbeStatus,
  type Problem,
  probesOf,
  problemsOf,
  type Unseen,
  unseenOf,
} from "./hosts.ts";
import { createResourceReader, type Known } from "./resources.ts";
import { createServiceReader, type KnownService } from "./services.ts";
import { type HostState, isComplete, type State } from "./state.ts";
import type { HostView } from "./whereabouts.ts";

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
  readonly link: HostState["link"];
  readonly problems: readonly Problem[];
  readonly unseen: readonly Unseen[];
  readonly facts: ReturnType<typeof factsOf>;
  readonly probes: Readonly<Record<string, ProbeStatus>>;
}

/** Selects what there is to see of some hosts. The services are those that have to do with these hosts. */
export function createHomelabReader(
  inventory: Inventory,
  backends: readonly Backend[],
): (state: State, hosts: readonly string[]) => Homelab {
  const readResources = createResourceReader(backends);
  const readServices = createServiceReader(inventory);
  // A host with services changes with them, and those with others.
  const alone = new WeakMap<HostState, KnownHost>();
  const readHost = (view: HostView, services: readonly KnownService[]): KnownHost => {
    if (services.some(({ host }) => host === view.host.name)) return knownHost(inventory, view, services);
    const known = alone.get(view.host) ?? knownHost(inventory, view, []);
    alone.set(view.host, known);
    return known;
  };
  return (state, names) => {
    const views = new Map<string, HostView>();
    for (const host of state.hosts.values()) views.set(host.name, { host, resources: readResources(host) });
    const services = readServices(views).filter(
      ({ service, host }) => names.includes(host) || names.includes(service.home),
    );
    const hosts = names.flatMap((name) => {
      const view = views.get(name);
      return view ? [readHost(view, services)] : [];
    });
    return { hosts, services, resources: names.flatMap((name) => views.get(name)?.resources ?? []) };
  };
}

function knownHost(
  inventory: Inventory,
  { host, resources }: HostView,
  services: readonly KnownService[],
): KnownHost {
  const problems = withServices(host, problemsOf(host, resources), services);
  const address =
    host.link.status === "up" ? host.link.access.destination : inventory.hosts.get(host.name)?.address;
  return {
    name: host.name,
    ...(address === undefined ? {} : { address }),
    state: healthOfHost(host, problems),
    ...(host.seenAt === undefined ? {} : { seenAt: host.seenAt }),
    link: host.link,
    problems,
    unseen: unseenOf(host),
    facts: factsOf(resources),
    probes: probesOf(host),
  };
}

const isCertain = ({ severity }: Finding) => severity !== "unknown";

/** A service that is not well says it for its parts, once. While its host is away, the host says it for all. */
function withServices(
  host: HostState,
  problems: readonly Problem[],
  services: readonly KnownService[],
): readonly Problem[] {
  if (host.link.status === "down") return problems;
  // Until everything was asked, what is not seen may still turn up.
  const here = services
    .filter((service) => service.host === host.name)
    .map((service) =>
      isComplete(host) ? service : { ...service, findings: service.findings.filter(isCertain) },
    );
  const spoken = new Set(here.flatMap(({ parts }) => parts.map(({ id }) => id)));
  const own = here.flatMap(({ id, findings }) =>
    findings.map(({ severity, message }) => ({ severity, kind: "service", resource: id, message })),
  );
  return [...own, ...problems.filter(({ resource }) => !spoken.has(resource))].toSorted((a, b) =>
    byHealth(a.severity, b.severity),
  );
}
