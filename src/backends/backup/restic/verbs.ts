import * as z from "zod";
import type { Command, Secrets } from "../../../command/command.ts";
import type { RunStep } from "../../../plan/plan.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { AddressedRepository, BackupVerbs, StoredBackup } from "../../backup-verbs.ts";
import { known } from "../../known.ts";
import { parseJson } from "../../parse.ts";
import type { WhyNot } from "../../verbs.ts";
import { parseTags, toTags } from "../label.ts";
import { noPassword, patienceSeconds, refusalOf } from "../refusal.ts";

const snapshots = z.array(
  z.object({
    id: z.string(),
    time: z.string(),
    tags: z.array(z.string()).optional(),
    /** Since 0.17. */
    summary: z.object({ total_bytes_processed: z.number() }).optional(),
  }),
);
const stats = z.object({ total_size: z.number() });

const words = {
  isMissing: /Is there a repository at the following location/,
  isWrongPassword: /wrong password or no key found/,
};

const isFailure = '"message_type":"error"|does not exist, skipping|ignoring error|^Fatal:|"exit_error"';

/** Asked to read a password from its standard input, old versions say so in the midst of their JSON. */
function look({ address, password }: AddressedRepository, ...args: readonly string[]): Command {
  const quietly = ["--password-file", "/dev/stdin", "--no-cache", "--no-lock", "--json"];
  return {
    argv: ["timeout", "-k", "2", `${patienceSeconds}`, "restic", "-r", address, ...quietly, ...args],
    asRoot: true,
    timeoutMs: (patienceSeconds + 15) * 1000,
    ...(password === undefined ? {} : { input: { secret: password } }),
  };
}

const secretsOf = ({ password }: AddressedRepository): { readonly secrets?: Secrets } =>
  password === undefined ? {} : { secrets: { RESTIC_PASSWORD: password } };

function* ask(
  repository: AddressedRepository,
  host: string,
  ...args: readonly string[]
): Planning<string | WhyNot> {
  if (repository.password === undefined) return noPassword(repository);
  const output = yield* askHost(host, look(repository, ...args));
  return output.exitCode === 0 ? output.stdout : refusalOf(repository, host, output, words);
}

/** Nothing at all is `null` to some versions. */
const parseSnapshots = (stdout: string): readonly StoredBackup[] =>
  parseJson(stdout, snapshots.nullable())
    ?.flatMap(({ id, time, tags = [], summary }) => {
      const label = parseTags(tags);
      const sizeBytes = summary?.total_bytes_processed;
      return label ? [{ ...label, id: id.slice(0, 8), at: new Date(time), ...known({ sizeBytes }) }] : [];
    })
    .sort((a, b) => b.at.getTime() - a.at.getTime()) ?? [];

export const backup: BackupVerbs = {
  tool: "restic",
  *list(repository, host) {
    const said = yield* ask(repository, host, "snapshots", "--tag", "scrap");
    return typeof said === "string" ? parseSnapshots(said) : said;
  },
  *sizeOf(repository, host, id) {
    const said = yield* ask(repository, host, "stats", id);
    return typeof said === "string" ? parseJson(said, stats).total_size : said;
  },
  init: (repository, host): RunStep => ({
    kind: "run",
    id: "init",
    title: `Make the repository ${repository.name}`,
    effect: "changes",
    host,
    command: { argv: ["restic", "-r", repository.address, "init"] },
    ...secretsOf(repository),
    timeoutMs: 120_000,
  }),
  backup: (repository, label): RunStep => {
    const { host, operation, places } = label;
    const tag = `op=${operation}`;
    const tags = toTags(label).flatMap((word) => ["--tag", word]);
    const mine = ["--tag", `${tag},host=${host}`];
    return {
      kind: "run",
      id: "backup",
      title: `Back up to ${repository.name}`,
      effect: "changes",
      host,
      command: {
        argv: [
          "env",
          ...[
            "RESTIC_PROGRESS_FPS=0.05",
            "sh",
            "-c",
            backupScript,
            "scrap",
            mine[1] ?? "",
            repository.address,
          ],
          ...["--json", "--host", host, ...tags, "--", ...places.map(({ path }) => path)],
        ],
      },
      ...secretsOf(repository),
      output: { must: '"message_type":"summary".*"snapshot_id":"[0-9a-f]+"', mustNot: isFailure },
      done: {
        kind: "command",
        title: `${repository.name} lists it`,
        host,
        command: look(repository, "snapshots", ...mine),
        expect: { stdoutMatches: `"${tag}"` },
      },
      again: "safe",
      timeoutMs: 24 * 3_600_000,
    };
  },
  restore: (repository, host, { id }, root) => [
    {
      kind: "run",
      id: "restore",
      title: `Restore ${id} of ${repository.name} beside it, and verify every file`,
      effect: "changes",
      host,
      command: { argv: ["restic", "-r", repository.address, "restore", id, "--target", root, "--verify"] },
      ...secretsOf(repository),
      output: { must: "^finished verifying \\d+ files", mustNot: isFailure },
      again: "safe",
      timeoutMs: 24 * 3_600_000,
    },
  ],
};

/**
 * What could not be read whole must not count as a copy. By their ids: each version has another idea of what forgetting
 * without a policy is.
 */
const backupScript = `tag=$1; export RESTIC_REPOSITORY="$2"; shift 2; restic backup "$@" && exit; code=$?; ids=$(restic --json snapshots --tag "$tag" | grep -o '"id":"[0-9a-f]*"' | cut -d '"' -f 4); [ -z "$ids" ] || restic forget $ids; exit $code`;
