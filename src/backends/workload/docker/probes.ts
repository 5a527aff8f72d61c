import * as z from "zod";
import { CommandFailed } from "../../../errors.ts";
import { expectExit, failureOf, parseJsonLines, unreadable } from "../../parse.ts";
import { defineProbe, type Probe } from "../../probe.ts";
import { batchItem } from "../batch.ts";

export const version = defineProbe({
  id: "docker.version",
  question: { argv: ["docker", "--version"] },
  freshMs: 3_600_000,
  sees: "the version of docker",
  parse: (output) => {
    const { stdout } = expectExit(output);
    const found = /^Docker version ([^\s,]+)/.exec(stdout)?.[1];
    if (found === undefined) throw unreadable("No version of docker", stdout);
    return found;
  },
});

const container = z.object({
  id: z.string().regex(/^[0-9a-f]{12,64}$/),
  names: z.string(),
  image: z.string(),
  state: z.string(),
  status: z.string(),
  ports: z.string(),
  project: z.string(),
  service: z.string(),
  oneOff: z.string(),
  hash: z.string(),
  files: z.string(),
  folder: z.string(),
  environmentFile: z.string(),
});
export type ListedContainer = z.infer<typeof container>;

const label = (name: string) => `(.Label "com.docker.compose.${name}")`;

/**
 * Labels one by one: all in one they are joined by commas, which they may contain, and tell secrets. Naming the fields
 * also keeps docker from measuring each container, as it does for `{{json .}}`.
 */
const listTemplate = toTemplate({
  id: ".ID",
  names: ".Names",
  image: ".Image",
  state: ".State",
  status: ".Status",
  ports: ".Ports",
  project: label("project"),
  service: label("service"),
  oneOff: label("oneoff"),
  hash: label("config-hash"),
  files: label("project.config_files"),
  folder: label("project.working_dir"),
  environmentFile: label("project.environment_file"),
});

export const containers = defineProbe({
  id: "docker.containers",
  question: {
    argv: ["docker", "ps", "--all", "--no-trunc", "--format", listTemplate],
    asRoot: true,
  },
  freshMs: 40_000,
  sees: "docker's containers and Compose projects",
  parse: (output) => parseJsonLines(expectExit(output).stdout, container),
});

const mounts = z
  .array(z.object({ type: z.string(), source: z.string() }).nullable())
  .transform((all) => all.filter((mount) => mount !== null));

const details = z.object({
  id: z.string(),
  imageId: z.string(),
  health: z.string(),
  exitCode: z.int(),
  outOfMemory: z.boolean(),
  error: z.string(),
  createdAt: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  restarts: z.int(),
  policy: z.string(),
  mounts,
});
export type ContainerDetails = z.infer<typeof details>;

/** Older ones evaluate both sides of an `and`, so that it takes an `if`. */
const healthAndMounts =
  '"health":{{if .State.Health}}{{json .State.Health.Status}}{{else}}""{{end}},' +
  '"mounts":[{{range .Mounts}}{"type":{{json .Type}},"source":{{json .Source}}},{{end}}null]';

const detailsTemplate = toTemplate({
  id: ".ID",
  imageId: ".Image",
  exitCode: ".State.ExitCode",
  outOfMemory: ".State.OOMKilled",
  error: ".State.Error",
  createdAt: ".Created",
  startedAt: ".State.StartedAt",
  endedAt: ".State.FinishedAt",
  restarts: ".RestartCount",
  policy: ".HostConfig.RestartPolicy.Name",
}).replace(/\}$/, `,${healthAndMounts}}`);

/** What `ps` does not tell, for all containers in one go. One that is gone by now is not in the answer. */
export const detailsProbe = (ids: readonly string[]): Probe<readonly ContainerDetails[]> => ({
  id: "docker.details",
  item: batchItem(undefined, ids),
  question: {
    argv: ["docker", "inspect", "--type", "container", "--format", detailsTemplate, "--", ...ids],
    asRoot: true,
  },
  freshMs: 60_000,
  sees: "health, exit status and restarts of docker's containers, and what they stand on",
  parse: (output) => {
    const { stdout, exitCode } = expectExit(output, 0, 1);
    if (exitCode === 1 && stdout.trim() === "") throw new CommandFailed(failureOf(output));
    return parseJsonLines(stdout, details);
  },
});

function toTemplate(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields)
    .map(([name, value]) => `"${name}":{{json ${value}}}`)
    .join(",")}}`;
}
