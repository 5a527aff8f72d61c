import type { Command, Secrets } from "../../command/command.ts";
import type { RunStep } from "../../plan/plan.ts";
import { askHost, type Planning } from "../../plan/planning.ts";
import { type AddressedRepository, damagedCode, type StoredBackup } from "../backup-verbs.ts";
import type { WhyNot } from "../verbs.ts";
import { noPassword, patienceSeconds, type Refusals, refusalOf } from "./refusal.ts";

/** In what the tools differ that read and write a repository. */
interface Manner {
  /** The command line of a question about it. The password is on its standard input. */
  readonly question: (
    repository: AddressedRepository,
    args: readonly string[],
  ) => readonly [string, ...string[]];
  /** By which variable a job is given the password. */
  readonly passwordVariable: string;
  readonly refusals: Refusals;
}

/** How a tool forgets. `listing` is what it is asked to list all that we put there, `pattern` finds one of these ids in it. */
interface Forgetting {
  readonly listing: readonly string[];
  readonly pattern: (ids: readonly string[]) => string;
  readonly argv: Command["argv"];
}

/** How a tool checks a repository, and how it says what it found: patterns of `grep -E`. */
interface Verifying {
  readonly argv: readonly string[];
  readonly well: string;
  readonly damaged: string;
}

type Rest = Omit<RunStep, "kind" | "host" | "effect" | "secrets" | "timeoutMs"> &
  Partial<Pick<RunStep, "effect" | "timeoutMs">>;

/** How a host asks a repository, and what it does with one: in the words of one tool. */
export interface Frame {
  readonly look: (repository: AddressedRepository, ...args: readonly string[]) => Command;
  readonly ask: (
    repository: AddressedRepository,
    host: string,
    ...args: readonly string[]
  ) => Planning<string | WhyNot>;
  readonly step: (repository: AddressedRepository, host: string, rest: Rest) => RunStep;
  /** Forgets them, judged by what is listed before and after it. */
  readonly forget: (
    repository: AddressedRepository,
    host: string,
    gone: readonly StoredBackup[],
    kept: readonly StoredBackup[],
    how: Forgetting & Partial<RunStep>,
  ) => RunStep;
  readonly verify: (repository: AddressedRepository, host: string, how: Verifying) => RunStep;
}

/** Which of the two it is, the tools say only by a path. */
const fullDisk = ({ name }: AddressedRepository, host: string) => [
  {
    match: "no space left on device|disk quota exceeded",
    says: `the disk is full, of ${host} or of ${name}`,
  },
];

const longestMs = 24 * 3_600_000;

export function frameOf({ question, passwordVariable, refusals }: Manner): Frame {
  const look: Frame["look"] = (repository, ...args) => {
    const { password } = repository;
    return {
      argv: ["timeout", "-k", "2", `${patienceSeconds}`, ...question(repository, args)],
      asRoot: true,
      timeoutMs: (patienceSeconds + 15) * 1000,
      ...(password === undefined ? {} : { input: { secret: password } }),
    };
  };
  const secretsOf = ({ password }: AddressedRepository): { readonly secrets?: Secrets } =>
    password === undefined ? {} : { secrets: { [passwordVariable]: password } };
  const step: Frame["step"] = (repository, host, rest) => ({
    effect: "changes",
    timeoutMs: longestMs,
    ...rest,
    kind: "run",
    host,
    output: { means: fullDisk(repository, host), ...rest.output },
    ...secretsOf(repository),
  });
  return {
    look,
    step,
    *ask(repository, host, ...args) {
      if (repository.password === undefined) return noPassword(repository);
      const output = yield* askHost(host, look(repository, ...args));
      return output.exitCode === 0 ? output.stdout : refusalOf(repository, host, output, refusals);
    },
    verify: (repository, host, { argv, well, damaged }) =>
      step(repository, host, {
        id: "verify",
        title: `Verify ${repository.name}`,
        effect: "reads",
        command: { argv: ["sh", "-c", verifyScript, "scrap", well, damaged, lostWay, ...argv] },
        means: { [damagedCode]: `the repository ${repository.name} is damaged` },
        again: "safe",
      }),
    forget: (repository, host, gone, kept, { listing, pattern, argv, ...rest }) => {
      const { name } = repository;
      const asked = {
        kind: "command",
        host,
        command: look(repository, ...listing),
        mustAnswer: true,
      } as const;
      return step(repository, host, {
        id: "forget",
        title: `Forget ${gone.length} backup${gone.length === 1 ? "" : "s"} in ${name}`,
        effect: "destroys",
        command: { argv },
        // What it is kept for must not have gone meanwhile.
        needs: kept.map(({ id }) => ({
          ...asked,
          title: `${name} lists ${id}`,
          expect: { stdoutMatches: pattern([id]) },
        })),
        done: {
          ...asked,
          title: `${name} lists none of them any more`,
          expect: { stdoutLacks: pattern(gone.map(({ id }) => id)) },
        },
        diff: gone.map(({ id, at, service, host }) => `- ${id} of ${toMinute(at)}: ${service} of ${host}`),
        again: "safe",
        destroys: gone.map(({ id }) => id),
        ...rest,
      });
    },
  };
}

/** Who loses the way to a repository finds errors in it, too: that is no verdict. */
const lostWay =
  "connection (lost|closed|refused|reset|timed out)|ssh command exited|broken pipe|no route to host|i/o timeout";

/** What it says is shown while it says it, and judged once it said it all. */
const verifyScript = `well=$1 damaged=$2 lost=$3; shift 3; mkdir -p -m 700 /run/scrap; said=$(mktemp /run/scrap/verify.XXXXXX) || exit; trap 'rm -f "$said" "$said.code"' EXIT; { "$@" 2>&1; echo $? >"$said.code"; } | tee "$said"; read -r code <"$said.code" || exit 70; if grep -Eqi "$lost" "$said"; then [ "$code" = 0 ] || exit "$code"; elif grep -Eq "$damaged" "$said"; then exit ${damagedCode}; fi; [ "$code" = 0 ] || exit "$code"; grep -Eq "$well" "$said" && exit; echo "it does not say that it is well"; exit 70`;

/** Ids as a part of a pattern, which finds one of them and nothing else. */
export const anyOf = (ids: readonly string[]): string =>
  `(?:${ids.map((id) => id.replaceAll(/[^\p{L}\p{N}_-]/gu, "\\$&")).join("|")})`;

const toMinute = (at: Date) => at.toISOString().slice(0, 16).replace("T", " ");
