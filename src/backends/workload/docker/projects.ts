import { answeredAt, type Seen } from "../../probe.ts";
import { byHealth, type Finding, healthOf, type Reference, type ResourceOf } from "../../resource.ts";
import { type Project, projectsIn, wantedOf } from "./compose.ts";
import { detailsById } from "./containers.ts";
import { containers } from "./probes.ts";

type Container = ResourceOf<"container">;
type Wish = ReturnType<typeof wantedOf>;

/** Compose projects, as their containers tell, compared with their files where those can be read. */
export function projectsAmong(seen: Seen, known: readonly Container[]): readonly ResourceOf<"project">[] {
  const seenAt = answeredAt(seen.observations.of(containers)) ?? new Date(0);
  const details = detailsById(seen, seen.observations);
  return projectsIn(seen.observations).map((project) => {
    const ids = new Set(project.containers.map(({ id }) => `container:${id}`));
    const members = known.filter(({ is }) => is.some((reference) => ids.has(reference)));
    const isKeptUp = (container: Container) =>
      project.containers.some(
        ({ id }) =>
          container.is.includes(`container:${id}`) &&
          /^(always|unless-stopped)$/.test(details.get(id)?.policy ?? ""),
      );
    const wish = wantedOf(project, seen);
    return {
      kind: "project",
      name: project.name,
      findings: [
        ...stopped(members, isKeptUp),
        ...members.flatMap((member) => member.findings.map((finding) => about(member, finding))),
        ...differences(project, wish),
      ].sort((a, b) => byHealth(a.severity, b.severity)),
      seenAt,
      is: [`project:${project.name}`],
      uses: members.map(({ name }): Reference => `container:${name}`),
      details: {
        state: stateOf(members),
        files: project.files,
        services: servicesOf(project, members, wish),
      },
    } satisfies ResourceOf<"project">;
  });
}

const about = ({ name, is: [reference] }: Container, finding: Finding): Finding => ({
  ...finding,
  message: `${name} ${finding.message}`,
  ...(reference ? { of: reference } : {}),
});

const isUp = ({ details: { state } }: Container) => state === "running" || state === "restarting";

/** What is not up though nothing is wrong with it: done where that is all it had to do, else stopped. */
function stopped(
  members: readonly Container[],
  isKeptUp: (member: Container) => boolean,
): readonly Finding[] {
  const down = members.filter(
    (member) =>
      !isUp(member) &&
      healthOf(member.findings) === "ok" &&
      (member.details.state === "created" || isKeptUp(member)),
  );
  const services = [...new Set(down.map(({ details }) => details.projectService ?? ""))].sort();
  if (services.length === 0) return [];
  const what = members.some(isUp) ? services.join(", ") : "nothing of it runs:";
  const verb = members.some(isUp) ? (services.length === 1 ? "is stopped" : "are stopped") : "it was stopped";
  return [{ severity: "warning", message: `${what} ${verb}` }];
}

/** Hash of what runs and of what the files want; and services that only one of both sides has. */
function differences(project: Project, wish: Wish): readonly Finding[] {
  if (wish === undefined) return [];
  if (!("hashes" in wish))
    return wish.isSeen
      ? [{ severity: "unknown", message: `cannot be compared with its files: ${wish.why}` }]
      : [];
  const running = new Set(project.containers.map(({ service }) => service));
  const drifted = [...running].sort().filter((service) => isDrifted(project, service, wish));
  const missing = Object.keys(wish.hashes).filter((service) => !running.has(service));
  const gone = [...running].sort().filter((service) => !Object.hasOwn(wish.hashes, service));
  return [
    ...drifted.map((service) => `${service} runs otherwise than its files say now`),
    ...missing.map((service) => `${service} is in its files, but has no container`),
    ...gone.map((service) => `${service} has a container, but is not in its files any more`),
  ].map((message) => ({ severity: "warning", message }));
}

/** Undefined where nobody can tell. */
function isDrifted(project: Project, service: string, wish: Wish): boolean | undefined {
  if (wish === undefined || !("hashes" in wish) || !Object.hasOwn(wish.hashes, service)) return undefined;
  const hashes = project.containers
    .filter((container) => container.service === service)
    .map(({ hash }) => hash);
  return hashes.includes("") ? undefined : hashes.some((hash) => hash !== wish.hashes[service]);
}

function servicesOf(project: Project, members: readonly Container[], wish: Wish) {
  const wanted = wish && "hashes" in wish ? Object.keys(wish.hashes) : [];
  const names = [...new Set([...project.containers.map(({ service }) => service), ...wanted])].sort();
  return names.map((name) => {
    const own = members.filter(({ details }) => details.projectService === name);
    const drifted = own.length === 0 ? undefined : isDrifted(project, name, wish);
    return {
      name,
      running: own.filter(({ details }) => details.state === "running").length,
      total: own.length,
      ...(drifted === undefined ? {} : { drifted }),
    };
  });
}

/** In Compose's words: `exited(1), running(2)`. */
function stateOf(members: readonly Container[]): string {
  const states = [...new Set(members.map(({ details }) => details.state))].sort();
  return states
    .map((state) => `${state}(${members.filter(({ details }) => details.state === state).length})`)
    .join(", ");
}
