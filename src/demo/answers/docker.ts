import type { Container } from "../state-workloads.ts";
import { compose, configHashOf } from "./compose.ts";
import { changeContainers, isContainerVerb } from "./container-verbs.ts";
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

/** The engine and Compose. Only root may speak to the daemon. */
export const docker: Tool = {
  isOn: ({ containers }) => containers.some(({ engine }) => engine === "docker"),
  programs: {
    "/usr/bin/docker": (args, surroundings) => {
      const [verb = "", ...rest] = args;
      const { host, user } = surroundings;
      if (isAsked(args, "--version")) return say(`Docker version ${host.system.docker}\n`);
      if (user !== "root")
        return complain(
          1,
          "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n",
        );
      const own = host.containers.filter(({ engine }) => engine === "docker");
      if (verb === "ps")
        return renderEach(
          optionOf(rest, "--format") ?? "{{.ID}}",
          own.filter(createFilter(rest)).map(toListed(surroundings)),
        );
      if (verb === "inspect") return inspect(own, rest, surroundings);
      if (verb === "logs")
        return logOf(
          rest,
          surroundings,
          own.map(({ name }) => name),
        );
      if (verb === "exec") return exec(own, rest);
      if (verb === "compose") return compose(rest, surroundings);
      if (isContainerVerb(verb)) return change(verb, own, rest, surroundings);
      return complain(1, `docker: '${verb}' is not a docker command.\nSee 'docker --help'\n`);
    },
  },
  files,
};

/** Of what can be asked for by `--filter`, what we ask for: a name or a project, and nothing that was run once. */
function createFilter(args: readonly string[]): (container: Container) => boolean {
  const filters = args.flatMap((arg, at) => (args[at - 1] === "--filter" ? [arg] : []));
  return ({ name, project }) =>
    filters.every((filter) => {
      const wanted = /^name=\^\/(.*)\$$/.exec(filter)?.[1];
      const of = /^label=com\.docker\.compose\.project=(.*)$/.exec(filter)?.[1];
      return (wanted === undefined || wanted === name) && (of === undefined || of === project);
    });
}

function change(
  verb: "start" | "stop" | "restart",
  own: readonly Container[],
  args: readonly string[],
  { now }: Surroundings,
) {
  const wanted = operandsOf(args);
  const found = own.filter(({ name }) => wanted.includes(name));
  const missing = wanted.find((name) => !own.some((each) => each.name === name));
  if (missing !== undefined)
    return complain(1, `Error response from daemon: No such container: ${missing}\n`);
  return changeContainers(verb, found, now);
}

const toListed =
  ({ host, now }: Surroundings) =>
  (container: Container) => {
    const { name, image, state, project, service, ports } = container;
    const folder = host.projects.find((each) => each.name === project)?.folder ?? "";
    // A method of one word in templates: as good as an index.
    const labels: Readonly<Record<string, string>> =
      project === undefined || service === undefined
        ? {}
        : {
            "com.docker.compose.project": project,
            "com.docker.compose.service": service,
            "com.docker.compose.oneoff": "False",
            "com.docker.compose.config-hash": configHashOf(host.name, project, service),
            "com.docker.compose.project.config_files": `${folder}/compose.yaml`,
            "com.docker.compose.project.working_dir": folder,
          };
    return {
      ID: idOf(host.name, container),
      Names: name,
      Image: image,
      State: state,
      Status: statusOf(container, now),
      Ports: ports
        .map(({ number, inside = number }) => `0.0.0.0:${number}->${inside}/tcp, :::${number}->${inside}/tcp`)
        .join(", "),
      Label: labels,
    };
  };

const never = "0001-01-01T00:00:00Z";

function inspect(own: readonly Container[], args: readonly string[], { host, dateOf }: Surroundings) {
  const wanted = operandsOf(args);
  const found = wanted.flatMap(
    (id) => own.find((each) => idOf(host.name, each) === id || each.name === id) ?? [],
  );
  const stamp = (moment: number | undefined) =>
    moment === undefined ? never : dateOf(moment).toISOString().replace("Z", "765741Z");
  const answer = renderEach(
    optionOf(args, "--format") ?? "{{.ID}}",
    found.map((container) => ({
      ID: idOf(host.name, container),
      Name: `/${container.name}`,
      Image: `sha256:${imageIdOf(container)}`,
      Created: stamp(container.createdAt),
      RestartCount: container.restarts,
      State: {
        ExitCode: container.exitCode,
        OOMKilled: false,
        Error: "",
        StartedAt: stamp(container.startedAt),
        FinishedAt: stamp(container.endedAt),
        Health: container.health === "" ? null : { Status: container.health },
      },
      HostConfig: { RestartPolicy: { Name: container.policy } },
      Mounts: container.mounts.map(({ type, source }) => ({ Type: type, Source: source })),
    })),
  );
  if (found.length === wanted.length) return answer;
  return { ...answer, exitCode: 1, stderr: "Error response from daemon: No such container\n" };
}

function exec(own: readonly Container[], args: readonly string[]) {
  const [name = "", program = ""] = operandsOf(args);
  const container = own.find((each) => each.name === name);
  if (!container) return complain(1, `Error response from daemon: No such container: ${name}\n`);
  if (container.state !== "running")
    return complain(1, `Error response from daemon: container ${name} is not running\n`);
  return (
    runInside(container, program) ??
    complain(
      127,
      `OCI runtime exec failed: exec failed: exec: "${program}": executable file not found in $PATH\n`,
    )
  );
}

function* files({ host }: Surroundings): Iterable<FileEntry> {
  yield ["/run/docker.sock", () => ""];
  yield ["/var/run/docker.sock", () => ""];
  yield ["/etc/systemd/system/multi-user.target.wants/docker.service", () => ""];
  yield ["/usr/libexec/docker/cli-plugins/docker-compose", () => ""];
  for (const { folder } of host.projects) yield [`${folder}/compose.yaml`, () => "services:\n"];
}
