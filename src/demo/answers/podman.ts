import { releaseOf } from "../homelab/products.ts";
import { hexOf } from "../stand-ins.ts";
import type { SimulatedHost } from "../state.ts";
import type { Container } from "../state-workloads.ts";
import { container } from "../workloads.ts";
import { idOf, imageIdOf, renderEach, runInside, statusOf } from "./containers.ts";
import { logOf } from "./logs.ts";
import {
  complain,
  type FileEntry,
  isAsked,
  operandsOf,
  optionOf,
  type Surroundings,
  say,
  type Tool,
} from "./tool.ts";

/** Containers and pods, the system's and those of persons; quadlets are files of its. */
export const podman: Tool = {
  isOn: ({ containers }) => containers.some(({ engine }) => engine === "podman"),
  programs: {
    "/usr/bin/podman": (args, surroundings) => {
      const [verb = "", ...rest] = args;
      const own = containersOf(surroundings);
      if (isAsked(args, "--version")) return say(`podman version ${surroundings.host.system.podman}\n`);
      if (verb === "ps")
        return renderEach(
          optionOf(rest, "--format") ?? "{{.ListContainer.ID}}",
          own.map(toListed(surroundings)),
        );
      if (verb === "inspect") return inspect(own, rest, surroundings);
      if (verb === "logs" || (verb === "pod" && rest[0] === "logs"))
        return logOf(rest, surroundings, own.flatMap(namesOf));
      if (verb === "exec") return exec(own, rest);
      if (verb === "run") return runOnce(rest, surroundings);
      if (isAsked(args, "rm", "-f", "-i", "-t", "0", "*")) return remove(args[5] ?? "", surroundings);
      if (verb === "image" && rest[0] === "exists")
        return { ...say(""), exitCode: surroundings.host.images.has(rest[1] ?? "") ? 0 : 1 };
      if (isAsked(args, "pull", "--quiet", "--", "*")) return pull(operandsOf(rest)[0] ?? "", surroundings);
      if (isAsked(args, "volume", "inspect", "--format", "{{.Mountpoint}}", "*"))
        return tellVolume(args[4] ?? "", own);
      // No container here has a policy by which it is updated.
      if (isAsked(args, "auto-update", "--dry-run", "--format", "json")) return say("");
      return complain(125, `Error: unrecognized command \`podman ${verb}\`\n`);
    },
  },
  files,
};

/** Root sees the system's, everybody else their own. */
const containersOf = ({ host, user }: Surroundings): readonly Container[] =>
  host.containers.filter(
    (each) => each.engine === "podman" && each.user === (user === "root" ? undefined : user),
  );

const namesOf = ({ name, pod }: Container) => (pod === undefined ? [name] : [name, pod]);

const never = -62135596800;

/** As `podman ps` has it for templates. */
const toListed =
  ({ host, now, dateOf }: Surroundings) =>
  (container: Container) => {
    const { name, state, health, exitCode, startedAt, endedAt, createdAt, pod, isInfra, unit, image } =
      container;
    const seconds = (moment: number) => Math.floor(dateOf(moment).getTime() / 1000);
    const published = pod === undefined ? container : infraOf(host, pod);
    return {
      ListContainer: {
        ID: idOf(host.name, container),
        Names: [name],
        Image: image,
        ImageID: imageIdOf(container),
        Pod: pod === undefined ? "" : hexOf(`${host.name} pod ${pod}`, 64),
        IsInfra: isInfra,
        State: state,
        Status: health,
        ExitCode: exitCode,
        StartedAt: startedAt === undefined ? never : seconds(startedAt),
        ExitedAt: endedAt === undefined ? never : seconds(endedAt),
        Labels: unit === undefined ? {} : { PODMAN_SYSTEMD_UNIT: unit },
        Restarts: container.restarts,
      },
      PodName: pod ?? "",
      Status: statusOf(container, now).replace(/\(health: starting\)/, "(starting)"),
      CreatedAt: `${dateOf(createdAt).toISOString().replace("T", " ").replace("Z", "844370")} +0000 UTC`,
      Ports: (published?.ports ?? [])
        .map(({ number, inside = number }) => `0.0.0.0:${number}->${inside}/tcp`)
        .join(", "),
    };
  };

const infraOf = (host: SimulatedHost, pod: string) =>
  host.containers.find((each) => each.pod === pod && each.isInfra);

function inspect(own: readonly Container[], args: readonly string[], { host }: Surroundings) {
  const wanted = args.includes("--") ? operandsOf(args) : args.slice(-1);
  const found = wanted.flatMap(
    (id) => own.find((each) => idOf(host.name, each) === id || each.name === id) ?? [],
  );
  const answer = renderEach(
    optionOf(args, "--format") ?? "{{.ID}}",
    found.map((container) => ({
      ID: idOf(host.name, container),
      RestartCount: container.restarts,
      State: { Status: container.state },
      HostConfig: {
        RestartPolicy: { Name: container.policy },
        PortBindings: Object.fromEntries(
          container.ports.map(({ number, inside = number }) => [
            `${inside}/tcp`,
            [{ HostIp: "0.0.0.0", HostPort: `${number}` }],
          ]),
        ),
      },
      Mounts: container.mounts.map(({ type, source }) => ({
        Type: type,
        Source: source,
        Destination: "/data",
      })),
    })),
  );
  if (found.length === wanted.length) return answer;
  return { ...answer, exitCode: 125, stderr: `Error: no such object: "${wanted[0]}"\n` };
}

/** Done at once: what the registries have is here. */
function pull(image: string, { host }: Surroundings) {
  const [, name = image, tag = "latest"] = /^(.*):([^:/]+)$/.exec(image) ?? [];
  if (!releaseOf(image))
    return complain(
      125,
      `Error: initializing source docker://${image}: reading manifest ${tag} in ${name}: manifest unknown\n`,
    );
  host.images.add(image);
  return say(`${hexOf(`image ${image}`, 64)}\n`);
}

/** `podman run -d --name NAME --network none -v FROM:TO IMAGE`: nobody outside reaches its ports. */
function runOnce(args: readonly string[], { host, now }: Surroundings) {
  const [name = "", image = ""] = [optionOf(args, "--name"), args.at(-1)];
  if (host.containers.some((each) => each.name === name))
    return complain(
      125,
      `Error: creating container storage: the container name "${name}" is already in use\n`,
    );
  const mounts = args.flatMap((word, at) =>
    args[at - 1] === "-v" ? [{ type: "bind", source: word.split(":")[0] ?? "" } as const] : [],
  );
  const like = host.containers.find((each) => each.image === image);
  const ports = (like?.ports ?? []).map((port) => ({ ...port, number: 0 }));
  const made = container("podman", name, image, {
    policy: "",
    createdAt: now,
    startedAt: now,
    mounts,
    ports,
  });
  host.containers.push(made);
  return say(`${idOf(host.name, made)}\n`);
}

function remove(name: string, { host }: Surroundings) {
  const at = host.containers.findIndex((each) => each.name === name);
  if (at < 0) return say("");
  host.containers.splice(at, 1);
  return say(`${name}\n`);
}

function tellVolume(name: string, own: readonly Container[]) {
  const found = own
    .flatMap(({ mounts }) => mounts)
    .find(({ type, source }) => type === "volume" && source.endsWith(`/${name}/_data`));
  return found ? say(`${found.source}\n`) : complain(125, `Error: no such volume ${name}\n`);
}

function exec(own: readonly Container[], args: readonly string[]) {
  const [name = "", program = ""] = operandsOf(args);
  const container = own.find((each) => each.name === name);
  if (!container)
    return complain(125, `Error: no container with name or ID "${name}" found: no such container\n`);
  if (container.state !== "running")
    return complain(255, "Error: can only create exec sessions on running containers\n");
  return (
    runInside(container, program) ??
    complain(127, `Error: crun: executable file \`${program}\` not found in $PATH\n`)
  );
}

function* files({ host }: Surroundings): Iterable<FileEntry> {
  yield ["/var/lib/containers/storage", undefined];
  yield ["/etc/containers/systemd/users", undefined];
  for (const { name } of host.persons) {
    yield [`/home/${name}/.config/containers`, undefined];
    yield [`/home/${name}/.local/share/containers`, undefined];
  }
}
