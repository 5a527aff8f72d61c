import { parseLook } from "../../../command/answers.ts";
import type { Command, Output } from "../../../command/command.ts";
import { CommandFailed } from "../../../errors.ts";
import { expectExit, failureOf, parseLines, unreadable } from "../../parse.ts";
import { factOf, type Observations, type Probe, type Seen } from "../../probe.ts";
import { batchItem } from "../batch.ts";
import { containers, type ListedContainer } from "./probes.ts";

/** A Compose project, as the labels of its containers tell. */
export interface Project {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly environmentFiles: readonly string[];
  readonly containers: readonly ListedContainer[];
}

/** Where the plugin of `docker compose` is; as a program of its own it is `docker-compose`. */
export const plugins = [
  "/usr/libexec/docker/cli-plugins/docker-compose",
  "/usr/lib/docker/cli-plugins/docker-compose",
  "/usr/local/lib/docker/cli-plugins/docker-compose",
  "/usr/local/libexec/docker/cli-plugins/docker-compose",
];

export function projectsIn(observations: Observations): readonly Project[] {
  const listed = (factOf(observations.of(containers)) ?? []).filter(({ project }) => project !== "");
  const names = [...new Set(listed.map(({ project }) => project))].sort();
  return names.map((name) => {
    const members = listed.filter(({ project }) => project === name);
    const [first] = members;
    return {
      name,
      folder: first?.folder ?? "",
      files: toPaths(first?.files ?? ""),
      environmentFiles: toPaths(first?.environmentFile ?? ""),
      containers: members.filter(({ oneOff }) => oneOff.toLowerCase() !== "true"),
    };
  });
}

const toPaths = (joined: string) => joined.split(",").filter((path) => path !== "");

/** Names of which no tool and no shell could make anything else. */
const isComparable = ({ name, folder, files, environmentFiles }: Project) =>
  /^[a-z0-9][\w.-]*$/i.test(name) &&
  files.length > 0 &&
  [folder, ...files, ...environmentFiles].every((path) => /^\/[^\p{Cc}*]*$/u.test(path));

/** Are the files there, as far as who logs in can see? */
const filesProbe = (projects: readonly Project[]): Probe<readonly string[]> => ({
  id: "docker.files",
  item: batchItem(
    undefined,
    projects.flatMap(({ files }) => files),
  ),
  question: { programs: [], paths: [...new Set(projects.flatMap(({ files }) => files))] },
  freshMs: 60_000,
  sees: "the files of Compose projects",
  parse: (output) => [...parseLook(expectExit(output).stdout).paths],
});

/** What the files of a project ask for: a hash for each service, as Compose labels its containers; or why not. */
export type Wanted = { readonly hashes: Readonly<Record<string, string>> } | { readonly why: string };

const wantedProbe = (project: Project, compose: Command["argv"]): Probe<Wanted> => ({
  id: "docker.compose",
  item: project.name,
  question: {
    argv: [...compose, ...namedAs(project), ...filesOf(project), "config", "--hash", "*"],
    asRoot: true,
    timeoutMs: 20_000,
  },
  freshMs: 600_000,
  sees: `whether ${project.name} runs as its files say`,
  parse: parseWanted,
});

const namedAs = ({ name, folder }: Project) => ["--project-name", name, "--project-directory", folder];

const filesOf = ({ files, environmentFiles }: Project) => [
  ...files.flatMap((file) => ["--file", file]),
  ...environmentFiles.flatMap((file) => ["--env-file", file]),
];

/** $1 is Compose, $2 to $5 name the project, and the rest are its files. What they are filled in with stays on the host. */
const resolve =
  'c=$1 n=$3 d=$5; shift 5; $c --project-name "$n" --project-directory "$d" "$@" config | $c --project-name "$n" --project-directory "$d" --file - config --hash "*"';

/** The same for services with an `env_file`: their containers are labelled by what is in it, and the hash above is not. */
const resolvedProbe = (project: Project, compose: Command["argv"]): Probe<Wanted> => ({
  id: "docker.resolved",
  item: project.name,
  question: {
    argv: ["sh", "-c", resolve, "scrap", compose.join(" "), ...namedAs(project), ...filesOf(project)],
    asRoot: true,
    timeoutMs: 20_000,
  },
  freshMs: 600_000,
  sees: `whether ${project.name} runs as its files say`,
  parse: parseWanted,
});

/** Lines of `service hash`. A file that Compose cannot read is an answer too: whoever runs it needs no file. */
function parseWanted(output: Output): Wanted {
  const { exitCode, stdout, stderr } = output;
  if (exitCode === 124 || exitCode === 126 || exitCode === 127 || exitCode > 128)
    throw new CommandFailed(failureOf(output));
  if (exitCode !== 0) return { why: failureOf(output) };
  // Who started it had variables that we have not: then the hashes tell nothing. Compose says so nowhere else.
  const unset = /variable is not set/i.test(stderr);
  if (unset) return { why: "its files need environment variables that only who started it had" };
  const lines = parseLines(stdout).map((line) => {
    const [, service, hash] = /^(\S+) ([0-9a-f]{64})$/.exec(line) ?? [];
    if (service === undefined || hash === undefined) throw unreadable("Not a service and its hash", line);
    return [service, hash] as const;
  });
  return { hashes: Object.fromEntries(lines) };
}

/** The questions about projects; none where Compose is not installed. */
export function composeProbes({ found, observations }: Seen): readonly Probe<unknown>[] {
  const compose = composeOf(found);
  const projects = projectsIn(observations).filter(isComparable);
  if (compose === undefined || projects.length === 0) return [];
  return [
    filesProbe(projects),
    ...projects.flatMap((project) => {
      const wanted = wantedProbe(project, compose);
      const fact = factOf(observations.of(wanted));
      return fact && isOther(project, fact) ? [wanted, resolvedProbe(project, compose)] : [wanted];
    }),
  ];
}

/** Some of it does not run as these hashes say. */
const isOther = ({ containers }: Project, wanted: Wanted) =>
  "hashes" in wanted &&
  containers.some(({ service, hash }) => hash !== "" && (wanted.hashes[service] ?? hash) !== hash);

/** What is known of a project's files. `isSeen`: they are there, so that a failure is about what is in them. */
export function wantedOf(project: Project, { found, observations }: Seen) {
  const compose = composeOf(found);
  if (compose === undefined || !isComparable(project)) return undefined;
  const asWritten = factOf(observations.of(wantedProbe(project, compose)));
  const resolved =
    asWritten && isOther(project, asWritten)
      ? factOf(observations.of(resolvedProbe(project, compose)))
      : undefined;
  const wanted = resolved && "hashes" in resolved ? resolved : asWritten;
  const there = factOf(observations.of(filesProbe(projectsIn(observations).filter(isComparable)))) ?? [];
  return wanted && { ...wanted, isSeen: project.files.every((file) => there.includes(file)) };
}

function composeOf({ programs, paths }: Seen["found"]): Command["argv"] | undefined {
  if (plugins.some((plugin) => paths.has(plugin))) return ["docker", "compose"];
  return programs.has("docker-compose") ? ["docker-compose"] : undefined;
}
