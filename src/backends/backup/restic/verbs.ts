import * as z from "zod";
import type { Command } from "../../../command/command.ts";
import type { AddressedRepository, BackupVerbs } from "../../backup-verbs.ts";
import { parseJson } from "../../parse.ts";
import { anyOf, frameOf } from "../frame.ts";
import { toTags } from "../label.ts";
import { parseSnapshots } from "../restic-listing.ts";

const stats = z.object({ total_size: z.number() });

const isFailure = '"message_type":"error"|does not exist, skipping|ignoring error|^Fatal:|"exit_error"';

const { look, ask, step, forget, verify } = frameOf({
  // Asked to read a password from its standard input, old versions say so in the midst of their JSON.
  question: ({ address }, args) => [
    ...(["restic", "-r", address] as const),
    ...["--password-file", "/dev/stdin", "--no-cache", "--no-lock", "--json", ...args],
  ],
  passwordVariable: "RESTIC_PASSWORD",
  refusals: {
    isMissing: /Is there a repository at the following location/,
    isWrongPassword: /wrong password or no key found/,
  },
});

/**
 * For what wants a repository to itself. Who was killed there left a lock: it goes, where restic itself sees that nobody holds
 * it any more.
 */
const alone = ({ address }: AddressedRepository, ...args: readonly string[]): Command["argv"] => [
  ...([
    "env",
    "RESTIC_PROGRESS_FPS=0.05",
    "sh",
    "-c",
    `restic -r "$1" unlock; restic -r "$@"`,
    "scrap",
  ] as const),
  ...[address, ...args],
];

const listing = ["snapshots", "--tag", "scrap"];

export const backup: BackupVerbs = {
  tool: "restic",
  *list(repository, host) {
    const said = yield* ask(repository, host, ...listing);
    return typeof said === "string" ? parseSnapshots(said) : said;
  },
  *sizeOf(repository, host, id) {
    const said = yield* ask(repository, host, "stats", id);
    return typeof said === "string" ? parseJson(said, stats).total_size : said;
  },
  init: (repository, host) =>
    step(repository, host, {
      id: "init",
      title: `Make the repository ${repository.name}`,
      command: { argv: ["restic", "-r", repository.address, "init"] },
      timeoutMs: 120_000,
    }),
  backup: (repository, label) => {
    const { host, operation, places } = label;
    const tag = `op=${operation}`;
    const tags = toTags(label).flatMap((word) => ["--tag", word]);
    const mine = `${tag},host=${host}`;
    return step(repository, host, {
      id: "backup",
      title: `Back up to ${repository.name}`,
      command: {
        argv: [
          ...(["env", "RESTIC_PROGRESS_FPS=0.05", "sh", "-c", backupScript, "scrap"] as const),
          ...[mine, repository.address, "--json", "--host", host, ...tags],
          ...["--", ...places.map(({ path }) => path)],
        ],
      },
      output: { must: '"message_type":"summary".*"snapshot_id":"[0-9a-f]+"', mustNot: isFailure },
      done: {
        kind: "command",
        title: `${repository.name} lists it`,
        host,
        command: look(repository, "snapshots", "--tag", mine),
        expect: { stdoutMatches: `"${tag}"` },
        mustAnswer: true,
      },
      again: "safe",
    });
  },
  restore: (repository, host, { id }, root) => [
    step(repository, host, {
      id: "restore",
      title: `Restore ${id} of ${repository.name} beside it, and verify every file`,
      command: { argv: ["restic", "-r", repository.address, "restore", id, "--target", root, "--verify"] },
      output: { must: "^finished verifying \\d+ files", mustNot: isFailure },
      again: "safe",
    }),
  ],
  forget: (repository, host, gone, kept) => [
    forget(repository, host, gone, kept, {
      listing,
      pattern: (ids) => `"short_id":"${anyOf(ids)}"`,
      argv: alone(repository, "forget", ...gone.map(({ id }) => id)),
      output: { mustNot: "unable to remove .*|^Fatal:.*" },
    }),
    step(repository, host, {
      id: "free",
      title: `Free their room in ${repository.name}`,
      command: { argv: alone(repository, "prune") },
      output: { must: "^done$" },
      again: "safe",
    }),
  ],
  verify: (repository, host, readData) =>
    verify(repository, host, {
      argv: alone(repository, "check", ...(readData ? ["--read-data"] : [])),
      well: "^no errors were found",
      damaged:
        "repository contains errors|LoadIndex returned errors|repository is damaged|index is damaged|contains damaged pack|Pack ID does not match",
    }),
};

/**
 * What could not be read whole must not count as a copy. By their ids: each version has another idea of what forgetting
 * without a policy is.
 */
const backupScript = `tag=$1; export RESTIC_REPOSITORY="$2"; shift 2; restic backup "$@" && exit; code=$?; ids=$(restic --json snapshots --tag "$tag" | grep -o '"id":"[0-9a-f]*"' | cut -d '"' -f 4); [ -z "$ids" ] || restic forget $ids; exit $code`;
