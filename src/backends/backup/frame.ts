import type { Command, Secrets } from "../../command/command.ts";
import type { RunStep } from "../../plan/plan.ts";
import { askHost, type Planning } from "../../plan/planning.ts";
import type { AddressedRepository } from "../backup-verbs.ts";
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
}

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
  return {
    look,
    *ask(repository, host, ...args) {
      if (repository.password === undefined) return noPassword(repository);
      const output = yield* askHost(host, look(repository, ...args));
      return output.exitCode === 0 ? output.stdout : refusalOf(repository, host, output, refusals);
    },
    step: (repository, host, rest) => ({
      effect: "changes",
      timeoutMs: longestMs,
      ...rest,
      kind: "run",
      host,
      ...secretsOf(repository),
    }),
  };
}
