import type { Reference } from "../backends/resource.ts";
import { unitOfQuadlet } from "../backends/workload/quadlets.ts";
import { Unprivileged } from "../errors.ts";
import type { Runs, Service } from "../inventory/service.ts";
import { createJoin } from "./references.ts";
import type { Known } from "./resources.ts";
import { type HostState, isComplete } from "./state.ts";

/** What one host has of one service. */
export type Presence =
  | { readonly state: "running" | "stopped"; readonly main: Known; readonly parts: readonly Known[] }
  | { readonly state: "absent" }
  | { readonly state: "unknown"; readonly why: string };

/** What is seen of a service among the resources of a host, or was when it answered last. */
export type Sighting = Extract<Presence, { readonly main: Known }>;

/** Finds a service among the resources of a host by what it is declared to run there. */
export function sight({ runs }: Pick<Service, "runs">, resources: readonly Known[]): Sighting | undefined {
  const { resolve } = createJoin(resources);
  for (const name of namesOf(runs))
    for (const main of resolve(name)) {
      const parts = partsOf(main, resources);
      return { state: isRunning(main, parts) ? "running" : "stopped", main, parts };
    }
  return undefined;
}

/** What a sighting is worth: a host that does not answer, or not everything, proves nothing. */
export function toPresence(
  { runs }: Pick<Service, "runs">,
  host: HostState,
  sighting: Sighting | undefined,
): Presence {
  if (host.link.status !== "up") {
    const why = host.link.status === "down" ? "is not reachable" : "was not asked";
    return { state: "unknown", why: `${host.name} ${why}` };
  }
  return sighting ?? blindSpot(runs, host) ?? { state: "absent" };
}

/** A quadlet is known by the unit that is generated from it, as podman-systemd.unit(5) says. */
function namesOf({ kind, name, user }: Runs): readonly Reference[] {
  const owned = (what: string) => (user === undefined ? what : `${user}/${what}`);
  switch (kind) {
    case "unit":
      return [`unit:${owned(name.includes(".") ? name : `${name}.service`)}`];
    case "quadlet":
      return [`unit:${owned(unitOfQuadlet(name))}`];
    case "pod":
      return [`pod:${owned(name)}`, `pod:${owned(`systemd-${name}`)}`];
    case "compose":
      return [`project:${owned(name)}`];
    case "container":
      return [`container:${owned(name)}`, `container:${owned(`systemd-${name}`)}`];
    default:
      return kind satisfies never;
  }
}

function isRunning(resource: Known, parts: readonly Known[] = []): boolean {
  switch (resource.kind) {
    case "unit":
      // Between two crashes a unit is "activating": somebody wants it to run here, and its findings say how it does.
      return ["active", "reloading", "activating", "refreshing"].includes(resource.details.active);
    case "container":
      return ["running", "restarting", "paused"].includes(resource.details.state);
    case "pod":
      return parts.some((part) => part.kind === "container" && isRunning(part));
    case "project":
      return resource.details.services.some(({ running }) => running > 0);
    default:
      return false;
  }
}

/** The containers and pods that a unit, a pod or a project is made of. */
function partsOf(main: Known, resources: readonly Known[]): readonly Known[] {
  const sameOwner = resources.filter(
    (resource) =>
      (resource.kind === "container" || resource.kind === "pod") &&
      resource.user === main.user &&
      resource !== main,
  );
  const containers = (belongs: (details: Known<"container">["details"]) => boolean) =>
    sameOwner.filter((resource) => resource.kind === "container" && belongs(resource.details));
  switch (main.kind) {
    case "unit": {
      const pods = sameOwner.filter(({ kind, ...rest }) => kind === "pod" && unitOf(rest) === main.name);
      return [
        ...pods,
        ...containers((c) => c.unit === main.name),
        ...pods.flatMap((pod) => partsOf(pod, resources)),
      ];
    }
    case "pod":
      return containers((container) => container.pod === main.name);
    case "project":
      return containers((container) => container.project === main.name);
    default:
      return [];
  }
}

const unitOf = ({ details }: Pick<Known, "details">) => ("unit" in details ? details.unit : undefined);

/** The backends that see whether it is there. */
export const eyes: Record<Runs["kind"], readonly string[]> = {
  unit: ["systemd"],
  quadlet: ["systemd"],
  pod: ["podman"],
  compose: ["docker"],
  container: ["podman", "docker"],
};

/** Why not finding it does not mean that it is not there. */
function blindSpot({ kind }: Runs, host: HostState): Presence | undefined {
  for (const id of eyes[kind]) {
    const backend = host.backends.get(id);
    if (!backend?.detection.present) continue;
    for (const answer of backend.answers.values()) {
      if (answer.status !== "failed") continue;
      const why = answer.error instanceof Unprivileged ? "needs root to see" : "does not answer";
      return { state: "unknown", why: `${id} on ${host.name} ${why}` };
    }
  }
  return isComplete(host)
    ? undefined
    : { state: "unknown", why: `${host.name} was not asked everything yet` };
}
