import { answeredAt, factOf, type Observations, type Seen } from "../../probe.ts";
import type { Reference, ResourceOf } from "../../resource.ts";
import { findingsOf } from "../container-findings.ts";
import { type ContainerDetails, containers, detailsProbe, type ListedContainer } from "./probes.ts";

/** The probe for what the list does not tell; undefined where there is no container. */
export function detailsOf({ observations }: Seen) {
  const ids = (factOf(observations.of(containers)) ?? []).map(({ id }) => id).sort();
  return ids.length === 0 ? undefined : detailsProbe(ids);
}

/** By id, what the second question told. */
export const detailsById = (seen: Seen, observations: Observations) => {
  const probe = detailsOf(seen);
  const details = (probe && factOf(observations.of(probe))) ?? [];
  return new Map(details.map((each) => [each.id, each]));
};

export function containersIn(seen: Seen, previous: Observations): readonly ResourceOf<"container">[] {
  const seenAt = answeredAt(seen.observations.of(containers)) ?? new Date(0);
  const now = detailsById(seen, seen.observations);
  const before = detailsById(seen, previous);
  return (factOf(seen.observations.of(containers)) ?? []).map((container) => {
    const details = now.get(container.id);
    const [name = container.id, ...aliases] = namesOf(container);
    const findings = findingsOf({
      engine: "docker",
      state: container.state,
      status: container.status,
      ...stateOf(container, details),
      restartsBefore: before.get(container.id)?.restarts,
    });
    return {
      kind: "container",
      name,
      findings,
      seenAt,
      is: [name, ...aliases, container.id].map((each): Reference => `container:${each}`),
      uses: usesOf(details),
      details: toDetails(container, details),
    };
  });
}

/** Links of old give a container more names, such as `other/name`. */
const namesOf = ({ names }: ListedContainer) =>
  names.split(",").sort((a, b) => a.split("/").length - b.split("/").length);

/** From the second answer; where that is missing, from what the list says in words. */
function stateOf({ status }: ListedContainer, details: ContainerDetails | undefined) {
  const exitCode = /^(?:Exited|Restarting) \((\d+)\)/.exec(status)?.[1];
  const healthcheck = /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(status)?.[1];
  if (details === undefined)
    return { healthcheck, exitCode: exitCode === undefined ? undefined : Number(exitCode) };
  return {
    healthcheck: details.health,
    exitCode: details.exitCode,
    endedAt: withoutFraction(details.endedAt),
    restarts: details.restarts,
    isKeptUp: /^(always|unless-stopped|on-failure)$/.test(details.policy),
    outOfMemory: details.outOfMemory,
    error: details.error,
  };
}

function usesOf(details: ContainerDetails | undefined): readonly Reference[] {
  const sources = (details?.mounts ?? []).map(({ source }) => source).filter((path) => path.startsWith("/"));
  return [...new Set(sources)].sort().map((source): Reference => `mount:${source}`);
}

function toDetails(
  container: ListedContainer,
  details: ContainerDetails | undefined,
): ResourceOf<"container">["details"] {
  const { healthcheck, exitCode } = stateOf(container, details);
  const createdAt = withoutFraction(details?.createdAt);
  const startedAt = withoutFraction(details?.startedAt);
  return {
    image: container.image,
    ...(details === undefined ? {} : { imageId: details.imageId, restarts: details.restarts }),
    state: container.state,
    ...(exitCode === undefined || !/^(exited|dead|restarting)$/.test(container.state) ? {} : { exitCode }),
    ...(healthcheck && container.state === "running" ? { healthcheck } : {}),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(container.project === "" ? {} : { project: container.project, projectService: container.service }),
    ports: container.ports === "" ? [] : container.ports.split(", "),
  };
}

/** The year 1 is never. */
const withoutFraction = (time: string | undefined) =>
  time === undefined || time.startsWith("0001-") || !/^\d{4}-\d\d-\d\dT/.test(time)
    ? undefined
    : `${time.slice(0, 19)}Z`;
