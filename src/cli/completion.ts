import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { kinds } from "./kinds.ts";

export const shells = ["bash", "zsh", "fish"] as const;

/** A completion script, made from the commands themselves. Names of hosts are asked when they are needed. */
export function completion(shell: string, program: Command): string {
  const commands = program.commands.filter((command) => command.name() !== "help");
  const names = commands.map((command) => command.name()).join(" ");
  const options = (command: Command) =>
    [...command.options, ...program.options].flatMap(({ long }) => long ?? []).join(" ");
  switch (shell) {
    case "bash":
      return bash(
        names,
        commands.map((command) => [command.name(), options(command)] as const),
      );
    case "zsh":
      // zsh reads bash's own form; one description of the commands is enough.
      return `#compdef scrap\nautoload -U +X bashcompinit && bashcompinit\n${bash(
        names,
        commands.map((command) => [command.name(), options(command)] as const),
      )}`;
    case "fish":
      return fish(commands, program);
    default:
      throw new UsageError(`There is no completion for "${shell}".`, {
        hint: `Shells are: ${shells.join(", ")}.`,
      });
  }
}

function bash(names: string, commands: readonly (readonly [name: string, options: string])[]): string {
  return `_scrap() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} words
  case $before in
    -o|--output) words="table json yaml name" ;;
    --sudoers) words="read change" ;;
    --inventory|--ssh-config) COMPREPLY=($(compgen -f -- "$word")); return ;;
    *)
      if [ "$COMP_CWORD" -eq 1 ]; then words="${names}"
      else case $command:$word in
${commands.map(([name, options]) => `        ${name}:-*) words="${options}" ;;`).join("\n")}
        get:*|describe:*) if [ "$COMP_CWORD" -eq 2 ]; then words="${kinds.join(" ")}"; else words=$(scrap get hosts -o name 2>/dev/null); fi ;;
        completion:*) words="${shells.join(" ")}" ;;
        status:*|doctor:*) words=$(scrap get hosts -o name 2>/dev/null) ;;
      esac; fi ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _scrap scrap
`;
}

function fish(commands: readonly Command[], program: Command): string {
  const escaped = (text: string) => text.replaceAll("'", "\\'");
  const lines = ["complete -c scrap -f"];
  for (const command of commands)
    lines.push(
      `complete -c scrap -n __fish_use_subcommand -a ${command.name()} -d '${escaped(command.description())}'`,
    );
  const seen = (...names: string[]) => `-n '__fish_seen_subcommand_from ${names.join(" ")}'`;
  for (const command of [...commands])
    for (const { long, description } of command.options)
      if (long)
        lines.push(
          `complete -c scrap ${seen(command.name())} -l ${long.slice(2)} -d '${escaped(description)}'`,
        );
  for (const { long, description } of program.options)
    if (long) lines.push(`complete -c scrap -l ${long.slice(2)} -d '${escaped(description)}'`);
  lines.push(
    `complete -c scrap ${seen("get", "describe")} -a '${kinds.join(" ")}'`,
    `complete -c scrap ${seen("status", "doctor")} -a '(scrap get hosts -o name 2>/dev/null)'`,
    `complete -c scrap ${seen("completion")} -a '${shells.join(" ")}'`,
    "complete -c scrap -s o -l output -x -a 'table json yaml name'",
    "complete -c scrap -l inventory -r -F",
    "complete -c scrap -l ssh-config -r -F",
  );
  return `${lines.join("\n")}\n`;
}
