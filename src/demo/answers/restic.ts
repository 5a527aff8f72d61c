import { hexOf } from "../stand-ins.ts";
import type { SimulatedHost } from "../state.ts";
import { type Repository, type StoredSnapshot, snapshotsIn } from "../state-copies.ts";
import { type Answer, complain, operandsOf, optionOf, type Surroundings, say, type Tool } from "./tool.ts";

const version = "0.18.0";

/** `restic`, as far as it lists, copies and checks. */
export const restic: Tool = {
  isOn: ({ repositories }) => repositories.length > 0,
  programs: {
    "/usr/bin/restic": (args, surroundings) => {
      if (args[0] === "version") return say(`restic ${version} compiled with go1.24.4 on linux/amd64\n`);
      const address = optionOf(args, "-r");
      const repository = surroundings.host.repositories.find((each) => each.address === address);
      if (!repository)
        return refuse(10, `Fatal: repository does not exist: unable to open config file: ${address}/config`);
      if (passwordOf(args, surroundings) !== repository.password)
        return refuse(12, "Fatal: wrong password or no key found");
      const words = args.filter((word, at) => !word.startsWith("-") && !isValue(args[at - 1]));
      const [verb = "", id = ""] = words;
      const all = snapshotsIn(repository, surroundings.dateOf(surroundings.now));
      if (verb === "snapshots") return list(all, optionOf(args, "--tag")?.split(",") ?? []);
      if (verb === "stats") return tellSize(all, id);
      if (verb === "backup") return backUp(repository, args, surroundings);
      if (verb === "restore") return restore(all, id, surroundings);
      if (verb === "unlock") return say("successfully removed 0 locks\n");
      if (verb === "check") return say("check snapshots, trees and blobs\nno errors were found\n");
      return complain(1, `unknown command "${verb}" for "restic"\n`);
    },
  },
};

const isValue = (before = "") => ["-r", "--password-file", "--tag", "--host", "--target"].includes(before);

const refuse = (code: number, message: string): Answer =>
  complain(code, `${JSON.stringify({ message_type: "exit_error", code, message })}\n`);

/** On its standard input for questions, in its environment for jobs. */
const passwordOf = (args: readonly string[], { input = "", environment }: Surroundings) =>
  args.includes("--password-file") ? input.split("\n")[0] : environment?.["RESTIC_PASSWORD"];

function list(all: readonly StoredSnapshot[], tags: readonly string[]): Answer {
  const meant = all.filter((snapshot) => tags.every((tag) => snapshot.tags.includes(tag)));
  return say(`${JSON.stringify(meant.map(toListed))}\n`);
}

const toListed = ({ id, at, host, paths, tags, bytes }: StoredSnapshot) => ({
  time: at.toISOString().replace("Z", "250124Z"),
  tree: hexOf(`${id} tree`, 64),
  paths,
  hostname: host,
  username: "root",
  tags,
  program_version: `restic ${version}`,
  summary: {
    backup_start: at.toISOString(),
    backup_end: new Date(at.getTime() + 41_000).toISOString(),
    total_bytes_processed: bytes,
  },
  id,
  short_id: id.slice(0, 8),
});

function tellSize(all: readonly StoredSnapshot[], wanted: string): Answer {
  const found = all.find(({ id }) => id.startsWith(wanted));
  if (!found) return refuse(1, `Fatal: failed to find snapshot: no matching ID found for prefix "${wanted}"`);
  return say(`${JSON.stringify({ total_size: found.bytes, snapshots_count: 1 })}\n`);
}

function backUp(repository: Repository, args: readonly string[], surroundings: Surroundings): Answer {
  const { host, now, dateOf } = surroundings;
  const paths = operandsOf(args);
  const tags = args.filter((_, at) => args[at - 1] === "--tag" && at < args.indexOf("--"));
  const sizes = paths.map((path) => sizeOf(path, host));
  if (sizes.includes(undefined)) return complain(1, `Fatal: all source directories/files do not exist\n`);
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  const at = dateOf(now);
  const id = hexOf(`${tags.join(" ")} ${at.getTime()}`, 64);
  repository.snapshots.push({ id, at, host: host.name, paths, tags, bytes });
  const status = { message_type: "status", percent_done: 1, total_bytes: bytes, bytes_done: bytes };
  const summary = {
    message_type: "summary",
    files_new: 3,
    files_changed: 11,
    data_added: Math.round(bytes / 2000),
    total_bytes_processed: bytes,
    snapshot_id: id,
  };
  return say(`${JSON.stringify(status)}\n${JSON.stringify(summary)}\n`);
}

/** Into what is mounted there. */
function restore(all: readonly StoredSnapshot[], wanted: string, { host, seen = [] }: Surroundings): Answer {
  const found = all.find(({ id }) => id.startsWith(wanted));
  if (!found)
    return complain(1, `Fatal: failed to find snapshot: no matching ID found for prefix "${wanted}"\n`);
  const into = seen.find(({ at }) => found.paths.includes(at))?.from;
  const mounted = host.filesystems.find(({ mountpoint }) => mountpoint === into);
  if (!mounted) return complain(1, `Fatal: nothing is mounted where ${found.paths[0]} would go\n`);
  mounted.usedBytes = found.bytes;
  for (const pool of host.zpools)
    for (const dataset of pool.datasets)
      if (`${pool.name}/${dataset.name}` === mounted.source) dataset.usedBytes = found.bytes;
  return say(
    `restoring snapshot ${found.id.slice(0, 8)} of [${found.paths.join(" ")}] by root@${found.host}\nSummary: Restored ${filesIn(found)} files/dirs\nfinished verifying ${filesIn(found)} files\n`,
  );
}

const filesIn = ({ bytes }: StoredSnapshot) => Math.ceil(bytes / 2_000_000);

/** Of a mount point, or of what a container keeps there. */
function sizeOf(path: string, { filesystems, containers }: SimulatedHost): number | undefined {
  const mounted = filesystems.find(({ mountpoint }) => mountpoint === path);
  if (mounted) return mounted.usedBytes;
  return containers.some(({ mounts }) => mounts.some(({ source }) => source === path)) ? 11e9 : undefined;
}
