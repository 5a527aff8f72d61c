import { answeredAt, factOf, type Observations, type Seen } from "../../probe.ts";
import { byHealth, type Finding, type ResourceOf } from "../../resource.ts";
import { findingsOf } from "../container-findings.ts";
import { type ContainerDetails, containersProbe, type ListedContainer, type Scope } from "./probes.ts";
import { containersOf, detailsOf, referenceTo, versionOf } from "./scope.ts";

/** Containers of one scope, without those that only hold a pod together. */
export function containersIn(
  scope: Scope,
  seen: Seen,
  previous: Observations,
): readonly ResourceOf<"container">[] {
  const probe = containersProbe(scope, versionOf(seen));
  const details = detailsOf(scope, seen);
  const seenAt = answeredAt(seen.observations.of(probe)) ?? new Date(0);
  const detailsById = byId(details && factOf(seen.observations.of(details)));
  const before = byId(factOf(previous.of(probe)));
  const detailsBefore = byId(details && factOf(previous.of(details)));
  return containersOf(scope, seen)
    .filter(({ isInfra }) => !isInfra)
    .map((container) => {
      const more = detailsById.get(container.id);
      const { id, names, exitCode, status } = container;
      const [name = id] = names;
      const restarts = container.restarts ?? more?.restarts;
      const findings = findingsOf({
        engine: "podman",
        state: container.state,
        healthcheck: container.health,
        exitCode,
        endedAt: fromUnix(container.endedAt),
        restarts,
        restartsBefore: before.get(id)?.restarts ?? detailsBefore.get(id)?.restarts,
        isKeptUp: more === undefined ? undefined : /^(always|unless-stopped|on-failure)$/.test(more.policy),
        status,
      });
      return {
        kind: "container",
        ...(scope.user ? { user: scope.user.name, owner: scope.user } : {}),
        name,
        findings,
        seenAt,
        is: [...names, id].map((each) => referenceTo("container", scope, each)),
        uses: usesOf(scope, container, more),
        details: toDetails(container, restarts),
      } satisfies ResourceOf<"container">;
    });
}

/** Pods, as their containers tell. One without any, not even its infra container, is not seen. */
export function podsIn(
  scope: Scope,
  seen: Seen,
  containers: readonly ResourceOf<"container">[],
): readonly ResourceOf<"pod">[] {
  const listed = containersOf(scope, seen);
  const seenAt = answeredAt(seen.observations.of(containersProbe(scope, versionOf(seen)))) ?? new Date(0);
  const names = [...new Set(listed.flatMap(({ podName }) => (podName === "" ? [] : [podName])))].sort();
  return names.map((name) => {
    const infra = listed.find(({ podName, isInfra }) => podName === name && isInfra);
    const members = containers.filter(({ details }) => details.pod === name);
    const running = members.filter(({ details }) => details.state === "running").length;
    const id = listed.find(({ podName }) => podName === name)?.pod ?? "";
    return {
      kind: "pod",
      ...(scope.user ? { user: scope.user.name, owner: scope.user } : {}),
      name,
      findings: members
        .flatMap((member) => member.findings.map((finding) => about(member, finding)))
        .sort((a, b) => byHealth(a.severity, b.severity)),
      seenAt,
      is: [referenceTo("pod", scope, name), referenceTo("pod", scope, id)],
      // Not its containers: they stand on the pod.
      uses: infra?.unit ? [referenceTo("unit", scope, infra.unit)] : [],
      details: {
        state: `${running} of ${members.length} running`,
        containers: members.map((member) => member.name),
        ...(infra?.unit ? { unit: infra.unit } : {}),
      },
    } satisfies ResourceOf<"pod">;
  });
}

const about = ({ name, is: [reference] }: ResourceOf<"container">, finding: Finding): Finding => ({
  ...finding,
  message: `${name} ${finding.message}`,
  ...(reference ? { of: reference } : {}),
});

function usesOf(scope: Scope, { podName, unit }: ListedContainer, details: ContainerDetails | undefined) {
  const sources = (details?.mounts ?? []).map(({ source }) => source).filter((path) => path.startsWith("/"));
  return [
    ...(unit === "" ? [] : [referenceTo("unit", scope, unit)]),
    ...(podName === "" ? [] : [referenceTo("pod", scope, podName)]),
    ...[...new Set(sources)].sort().map((source) => `mount:${source}` as const),
  ];
}

function toDetails(
  container: ListedContainer,
  restarts: number | undefined,
): ResourceOf<"container">["details"] {
  const createdAt = parseGoTime(container.createdAt);
  const startedAt = fromUnix(container.startedAt);
  const ended = container.state === "exited" || container.state === "stopped";
  return {
    image: container.image,
    imageId: container.imageId,
    state: container.state,
    ...(ended ? { exitCode: container.exitCode } : {}),
    ...(container.health === "" || container.state !== "running" ? {} : { healthcheck: container.health }),
    ...(restarts === undefined ? {} : { restarts }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(container.podName === "" ? {} : { pod: container.podName }),
    ...(container.unit === "" ? {} : { unit: container.unit }),
    ports: container.ports === "" ? [] : container.ports.split(", "),
  };
}

const byId = <Item extends { readonly id: string }>(items: readonly Item[] = []) =>
  new Map(items.map((item) => [item.id, item]));

/** Before 1970 is never. */
const fromUnix = (seconds: number) =>
  seconds > 0 ? `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z` : undefined;

/** `2026-11-20 19:39:37.288878255 +0000 UTC`, as Go prints a time. */
export function parseGoTime(text: string): string | undefined {
  const [, day, time, hours, minutes] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d\d)(\d\d)/.exec(text) ?? [];
  const date = new Date(`${day}T${time}${hours}:${minutes}`);
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, 19)}Z`;
}
