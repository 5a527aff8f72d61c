import * as z from "zod";
import type { Command, Secrets } from "../../../command/command.ts";
import type { RunStep } from "../../../plan/plan.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { AddressedRepository, BackupVerbs, StoredBackup } from "../../backup-verbs.ts";
import { parseJson } from "../../parse.ts";
import type { WhyNot } from "../../verbs.ts";
import { parseTags, toTags } from "../label.ts";
import { noPassword, patienceSeconds, refusalOf } from "../refusal.ts";

const listing = z.object({
  archives: z.array(z.object({ name: z.string(), comment: z.string(), start: z.string() })),
});
const info = z.object({ archives: z.array(z.object({ stats: z.object({ original_size: z.number() }) })) });

const words = {
  isMissing: /Repository\.DoesNotExist|Repository\.InvalidRepository|Repository \S+ does not exist/,
  isWrongPassword: /PassphraseWrong|passphrase supplied .* is incorrect/,
};

/** Never asked anything: nobody would answer. */
const quietly = (...words: readonly string[]): Command["argv"] => [
  "env",
  "BORG_RSH=ssh -oBatchMode=yes",
  ...words,
];

function look({ password }: AddressedRepository, ...args: readonly string[]): Command {
  return {
    argv: [
      "timeout",
      ...["-k", "2", `${patienceSeconds}`],
      ...quietly("BORG_PASSPHRASE_FD=0", "borg", "--log-json", ...args),
    ],
    asRoot: true,
    timeoutMs: (patienceSeconds + 15) * 1000,
    ...(password === undefined ? {} : { input: { secret: password } }),
  };
}

const secretsOf = ({ password }: AddressedRepository): { readonly secrets?: Secrets } =>
  password === undefined ? {} : { secrets: { BORG_PASSPHRASE: password } };

function* ask(
  repository: AddressedRepository,
  host: string,
  ...args: readonly string[]
): Planning<string | WhyNot> {
  if (repository.password === undefined) return noPassword(repository);
  const output = yield* askHost(host, look(repository, ...args));
  return output.exitCode === 0 ? output.stdout : refusalOf(repository, host, output, words);
}

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
  init: (repository, host): RunStep => ({
    kind: "run",
    id: "init",
    title: `Make the repository ${repository.name}`,
    effect: "changes",
    host,
    command: { argv: quietly("borg", "init", "--encryption", "repokey-blake2", repository.address) },
    ...secretsOf(repository),
    timeoutMs: 120_000,
  }),
  backup: (repository, label): RunStep => {
    const { host, places } = label;
    const archive = `scrap-${label.operation}-${host}`;
    const whole = `${repository.address}::${archive}`;
    const comment = toTags(label).join(" ");
    return {
      kind: "run",
      id: "backup",
      title: `Back up to ${repository.name}`,
      effect: "changes",
      host,
      command: {
        argv: quietly(
          ...["sh", "-c", backupScript, "scrap", whole, "--stats", "--comment", comment],
          ...[whole, ...places.map(({ path }) => path)],
        ),
      },
      ...secretsOf(repository),
      done: {
        kind: "command",
        title: `${repository.name} lists it`,
        host,
        command: look(
          repository,
          "list",
          "--json",
          ...format,
          "--glob-archives",
          archive,
          repository.address,
        ),
        expect: { stdoutMatches: `"name": "${archive}"` },
      },
      again: "safe",
      timeoutMs: 24 * 3_600_000,
    };
  },
  restore: (repository, host, { id }, root) => {
    const whole = `${repository.address}::${id}`;
    const step = (id: string, title: string, script: string) => ({
      kind: "run" as const,
      id,
      title,
      host,
      command: { argv: quietly("sh", "-c", script, "scrap", root, whole) },
      ...secretsOf(repository),
      again: "safe" as const,
      timeoutMs: 24 * 3_600_000,
    });
    return [
      {
        ...step(
          "restore",
          `Restore ${id} of ${repository.name} beside it, and verify every file`,
          restoreScript,
        ),
        effect: "changes",
        output: { must: "^all files are as they were: \\d+$" },
      },
    ];
  },
};

/** What could not be read whole must not count as a copy. */
const backupScript = `whole=$1; shift; borg create "$@" && exit; code=$?; borg delete "$whole"; exit $code`;

/** What is there now is held against the digests of the archive, file by file. */
const restoreScript = `cd "$1" && borg extract "$2" || exit; sums=$(mktemp /run/scrap-digests.XXXXXX) || exit; trap 'rm -f "$sums"' EXIT; borg list --format '{type}{sha256}  {path}{NL}' "$2" >"$sums.all" || exit; sed -n 's/^-//p' "$sums.all" >"$sums"; rm -f "$sums.all"; [ ! -s "$sums" ] || sha256sum --check --strict --quiet "$sums" || exit; echo "all files are as they were: $(($(wc -l <"$sums")))"`;
