import * as z from "zod";
import { parseLook } from "../../../command/answers.ts";
import type { Command, User } from "../../../command/command.ts";
import { CommandFailed } from "../../../errors.ts";
import { expectExit, failureOf, parseJsonLines, parseLines, unreadable } from "../../parse.ts";
import { defineProbe, type Probe } from "../../probe.ts";
import { batchItem } from "../batch.ts";
import { asUser, type LingeringUser, usersProbes } from "../users.ts";

/** Whose containers: the system's where there is no user. */
export interface Scope {
  readonly user?: User;
}

export const users = usersProbes("podman");

export const version = defineProbe({
  id: "podman.version",
  question: { argv: ["podman", "--version"] },
  freshMs: 3_600_000,
  sees: "the version of podman",
  parse: (output) => {
    const { stdout } = expectExit(output);
    const found = /^podman version (\S+)/.exec(stdout)?.[1];
    if (found === undefined) throw unreadable("No version of podman", stdout);
    return found;
  },
});

const traces = ["/var/lib/containers/storage", "/etc/containers/systemd/*"];

/** Was it ever used here? Its first use would leave traces on the host, and we leave none. */
export const storage = defineProbe({
  id: "podman.storage",
  question: { programs: [], paths: traces },
  freshMs: 60_000,
  sees: "whether podman is used",
  parse: (output) => parseLook(expectExit(output).stdout).paths.size > 0,
});

/** The same for a user, whose home only they may see. */
export const homeProbe = ({ user, home }: LingeringUser): Probe<boolean> => ({
  id: "podman.home",
  item: user.name,
  question: asUser(user, "ls", "-d", "--", `${home}/.local/share/containers`, `${home}/.config/containers`),
  freshMs: 600_000,
  sees: `whether ${user.name} uses podman`,
  parse: (output) => parseLines(expectExit(output, 0, 1, 2).stdout).length > 0,
});

const container = z.object({
  id: z.string().regex(/^[0-9a-f]{12,64}$/),
  names: z.array(z.string()).min(1),
  image: z.string(),
  imageId: z.string(),
  pod: z.string(),
  podName: z.string(),
  isInfra: z.boolean(),
  state: z.string(),
  health: z.string(),
  status: z.string(),
  exitCode: z.int(),
  createdAt: z.string(),
  startedAt: z.int(),
  endedAt: z.int(),
  ports: z.string(),
  unit: z.string(),
  restarts: z.int().optional(),
});
export type ListedContainer = z.infer<typeof container>;

/** Fields by name: all of them would bring the command line, and with it what people put there. */
const fields = {
  id: ".ListContainer.ID",
  names: ".ListContainer.Names",
  image: ".ListContainer.Image",
  imageId: ".ListContainer.ImageID",
  pod: ".ListContainer.Pod",
  podName: ".PodName",
  isInfra: ".ListContainer.IsInfra",
  state: ".ListContainer.State",
  health: ".ListContainer.Status",
  status: ".Status",
  exitCode: ".ListContainer.ExitCode",
  createdAt: ".CreatedAt",
  startedAt: ".ListContainer.StartedAt",
  endedAt: ".ListContainer.ExitedAt",
  ports: ".Ports",
  unit: '(index .ListContainer.Labels "PODMAN_SYSTEMD_UNIT")',
};

export function containersProbe(scope: Scope, podman: readonly number[]): Probe<readonly ListedContainer[]> {
  const wanted = countsRestarts(podman) ? { ...fields, restarts: ".ListContainer.Restarts" } : fields;
  return {
    id: "podman.containers",
    ...(scope.user ? { item: scope.user.name } : {}),
    question: run(scope, "podman", "ps", "--all", "--no-trunc", "--format", toTemplate(wanted)),
    freshMs: scope.user ? 80_000 : 40_000,
    sees: scope.user ? `the containers and pods of ${scope.user.name}` : "podman's containers and pods",
    parse: (output) => parseJsonLines(expectExit(output).stdout, container),
  };
}

/** A template cannot leave the last comma out: so there is a null behind it. */
const mounts = z
  .array(z.object({ type: z.string(), source: z.string() }).nullable())
  .transform((all) => all.filter((mount) => mount !== null));

const details = z.object({
  id: z.string(),
  restarts: z.int(),
  policy: z.string(),
  mounts,
});
export type ContainerDetails = z.infer<typeof details>;

const detailsTemplate = `{"id":{{json .ID}},"restarts":{{json .RestartCount}},"policy":{{json .HostConfig.RestartPolicy.Name}},"mounts":[{{range .Mounts}}{"type":{{json .Type}},"source":{{json .Source}}},{{end}}null]}`;

/** What `ps` does not tell, for all containers in one go. One that is gone by now is not in the answer. */
export const detailsProbe = (
  scope: Scope,
  podman: readonly number[],
  ids: readonly string[],
): Probe<readonly ContainerDetails[]> => ({
  id: "podman.details",
  item: batchItem(scope.user?.name, ids),
  question: run(scope, "podman", "inspect", "--type", "container", "--format", detailsTemplate, "--", ...ids),
  freshMs: countsRestarts(podman) ? 600_000 : 60_000,
  sees: scope.user
    ? `what the containers of ${scope.user.name} stand on`
    : "what podman's containers stand on",
  parse: (output) => {
    const { stdout, exitCode } = expectExit(output, 0, 125);
    if (exitCode === 125 && stdout.trim() === "") throw new CommandFailed(failureOf(output));
    return parseJsonLines(stdout, details);
  },
});

/** `ps` tells the restarts since 4.9. */
const countsRestarts = ([major = 0, minor = 0]: readonly number[]) =>
  major > 4 || (major === 4 && minor >= 9);

export const run = ({ user }: Scope, ...argv: Command["argv"]): Command =>
  user ? asUser(user, ...argv) : { argv, asRoot: true };

const toTemplate = (wanted: Readonly<Record<string, string>>) =>
  `{${Object.entries(wanted)
    .map(([name, value]) => `"${name}":{{json ${value}}}`)
    .join(",")}}`;
