import * as z from "zod";
import type { Command } from "../../../command/command.ts";
import type { BackupVerbs, StoredBackup } from "../../backup-verbs.ts";
import { parseJson } from "../../parse.ts";
import { anyOf, frameOf } from "../frame.ts";
import { parseTags, toTags } from "../label.ts";

const listing = z.object({
  archives: z.array(z.object({ name: z.string(), comment: z.string(), start: z.string() })),
});
const info = z.object({ archives: z.array(z.object({ stats: z.object({ original_size: z.number() }) })) });

/** Never asked anything: nobody would answer. */
const quietly = (...words: readonly string[]): Command["argv"] => [
  "env",
  "BORG_RSH=ssh -oBatchMode=yes",
  ...words,
];

const { look, ask, step, forget, verify } = frameOf({
  question: (_, args) => quietly("BORG_PASSPHRASE_FD=0", "borg", "--log-json", ...args),
  passwordVariable: "BORG_PASSPHRASE",
  refusals: {
    isMissing: /Repository\.DoesNotExist|Repository\.InvalidRepository|Repository \S+ does not exist/,
    isWrongPassword: /PassphraseWrong|passphrase supplied .* is incorrect/,
  },
});

/** Its times name no zone: they are those of where it was asked, which for us is UTC. */
const parseArchives = (stdout: string): readonly StoredBackup[] =>
  parseJson(stdout, listing)
    .archives.flatMap(({ name, comment, start }) => {
      const label = parseTags(comment.split(" "));
      return label ? [{ ...label, id: name, at: new Date(`${start}Z`) }] : [];
    })
    .sort((a, b) => b.at.getTime() - a.at.getTime());

const format = ["--format", "{comment}"];

export const backup: BackupVerbs = {
  tool: "borg",
  *list(repository, host) {
    const said = yield* ask(repository, host, "list", "--json", ...format, repository.address);
    return typeof said === "string" ? parseArchives(said) : said;
  },
  *sizeOf(repository, host, id) {
    const said = yield* ask(repository, host, "info", "--json", `${repository.address}::${id}`);
    return typeof said === "string" ? (parseJson(said, info).archives[0]?.stats.original_size ?? 0) : said;
  },
  init: (repository, host) =>
    step(repository, host, {
      id: "init",
      title: `Make the repository ${repository.name}`,
      command: { argv: quietly("borg", "init", "--encryption", "repokey-blake2", repository.address) },
      timeoutMs: 120_000,
    }),
  backup: (repository, label) => {
    const { host, places } = label;
    const archive = `scrap-${label.operation}-${host}`;
    const whole = `${repository.address}::${archive}`;
    const comment = toTags(label).join(" ");
    return step(repository, host, {
      id: "backup",
      title: `Back up to ${repository.name}`,
      command: {
        argv: quietly(
          ...["BORG_EXIT_CODES=legacy", "sh", "-c", backupScript, "scrap", whole, "--stats"],
          ...["--comment", comment, whole, ...places.map(({ path }) => path)],
        ),
      },
      done: {
        kind: "command",
        title: `${repository.name} lists it`,
        host,
        command: look(
          repository,
          ...["list", "--json", ...format, "--glob-archives", archive, repository.address],
        ),
        expect: { stdoutMatches: `"name": "${archive}"` },
        mustAnswer: true,
      },
      again: "safe",
    });
  },
  restore: (repository, host, { id }, root) => [
    step(repository, host, {
      id: "restore",
      title: `Restore ${id} of ${repository.name} beside it, and verify every file`,
      command: {
        argv: quietly("sh", "-c", restoreScript, "scrap", root, `${repository.address}::${id}`),
      },
      output: { must: "^all files are as they were: \\d+$" },
      again: "safe",
    }),
  ],
  forget: (repository, host, gone, kept) => [
    forget(repository, host, gone, kept, {
      listing: ["list", "--json", ...format, repository.address],
      pattern: (ids) => `"name": "${anyOf(ids)}"`,
      argv: quietly(
        ...["BORG_EXIT_CODES=legacy", "borg", "delete", "--", repository.address],
        ...gone.map(({ id }) => id),
      ),
      // 1: one of them was gone already.
      okExitCodes: [0, 1],
    }),
    step(repository, host, {
      id: "free",
      title: `Free their room in ${repository.name}`,
      command: { argv: quietly("borg", "compact", repository.address) },
      again: "safe",
    }),
  ],
  verify: (repository, host, readData) =>
    verify(repository, host, {
      argv: quietly(
        ...["BORG_EXIT_CODES=legacy", "borg", "-v", "check", ...(readData ? ["--verify-data"] : [])],
        repository.address,
      ),
      well: "^Archive consistency check complete, no problems found",
      damaged: "errors found|, problems found|[Dd]ata integrity error|IntegrityError",
    }),
};

/**
 * What could not be read whole must not count as a copy: borg made it, and says 1. Where it made none, such as where the
 * archive is there already, it says 2, and what is there stays.
 */
const backupScript = `whole=$1; shift; borg create "$@" && exit; code=$?; [ $code != 1 ] || borg delete "$whole"; exit $code`;

/** What is there now is held against the digests of the archive, file by file. */
const restoreScript = `cd "$1" && borg extract "$2" || exit; sums=$(mktemp /run/scrap-digests.XXXXXX) || exit; trap 'rm -f "$sums"' EXIT; borg list --format '{type}{sha256}  {path}{NL}' "$2" >"$sums.all" || exit; sed -n 's/^-//p' "$sums.all" >"$sums"; rm -f "$sums.all"; [ ! -s "$sums" ] || sha256sum --check --strict --quiet "$sums" || exit; echo "all files are as they were: $(($(wc -l <"$sums")))"`;
