import type { Output } from "../../command/command.ts";
import type { AddressedRepository } from "../backup-verbs.ts";
import { failureOf } from "../parse.ts";
import type { WhyNot } from "../verbs.ts";
import { sayDuration } from "../words.ts";

/** No longer than this for what only looks: the tools themselves try for many minutes. */
export const patienceSeconds = 45;

/** How a tool says it. */
export interface Refusals {
  readonly isMissing: RegExp;
  readonly isWrongPassword: RegExp;
}

/** What a repository that does not answer means to a person: the tool is missing, nothing is there, or no way leads to it. */
export function refusalOf(
  repository: AddressedRepository,
  host: string,
  output: Output,
  { isMissing, isWrongPassword }: Refusals,
): WhyNot {
  const { name, tool, address, password } = repository;
  const said = `${output.stdout}\n${output.stderr}`;
  if (
    output.exitCode === 127 ||
    (/: (command )?not found|No such file or directory$/m.test(said) && said.includes(`‘${tool}’`))
  )
    return {
      whyNot: `${host} has no ${tool}.`,
      hint: `Install it there: apt install ${tool === "borg" ? "borgbackup" : tool}`,
    };
  if (isWrongPassword.test(said))
    return {
      whyNot: `The repository ${name} (${address}) does not open: ${password ?? "no password"} is not its password.`,
      hint: `The inventory says where it is kept: repositories › ${name} › password.`,
    };
  // What counts it says last; when the tool gives up before that, it has said this much.
  const ssh = [...said.matchAll(/(?:subprocess ssh: |Remote: )([^"\n]*)/g)]
    .map(([, line = ""]) => line.replace(", please try again.", ""))
    .at(-1);
  if (ssh !== undefined)
    return {
      whyNot: `${host} does not reach the repository ${name} (${address}): ${ssh}`,
      hint: `root of ${host} needs a key of its own that opens it, without being asked anything.`,
    };
  if (isMissing.test(said))
    return {
      whyNot: `There is no ${tool} repository at ${address}, as ${host} sees it.`,
      hint: "With --init a backup makes it first.",
      isMissing: true,
    };
  if (output.exitCode === 124 || output.exitCode === 137)
    return {
      whyNot: `${host} heard nothing of the repository ${name} (${address}) for ${sayDuration(patienceSeconds * 1000)}.`,
    };
  return { whyNot: `${host} cannot read the repository ${name} (${address}): it ${failureOf(output)}` };
}

/** Where nobody said what opens it. */
export const noPassword = ({ name }: AddressedRepository): WhyNot => ({
  whyNot: `The inventory does not say where the password of the repository ${name} is kept.`,
  hint: `repositories › ${name} › password, such as pass:lab/${name}`,
});
