import type { Command, Option } from "commander";
import { type Candidate, files, valuesOf, wordsOf } from "./complete-words.ts";
import type { Context, InventoryOptions } from "./context.ts";

/** What a shell may offer for the last of the words that were typed after `scrap`, whole, each on a line of its own. */
export async function complete(
  context: Context,
  program: Command,
  words: readonly string[],
  withDescriptions: boolean,
): Promise<void> {
  const current = words.at(-1) ?? "";
  const found = await candidatesOf(context, program, words.slice(0, -1), current).catch(() => []);
  for (const { text, description } of found)
    if (text.startsWith(current) || text === files)
      context.print(withDescriptions && description ? `${text}\t${description}` : text);
}

async function candidatesOf(
  context: Context,
  program: Command,
  before: readonly string[],
  current: string,
): Promise<readonly Candidate[]> {
  const typed = readTyped(program, before);
  if (typed.open) return valuesOf(typed.open, context, typed.inventory);
  const [, name = "", start] = /^(--[\w-]+)(=)/.exec(current) ?? [];
  const known = [...(typed.command?.options ?? []), ...program.options];
  if (start) {
    const option = known.find(({ long }) => long === name);
    const values = option ? await valuesOf(option, context, typed.inventory) : [];
    return values.map(({ text }) => ({ text: text === files ? files : `${name}=${text}` }));
  }
  if (current.startsWith("-"))
    return known.flatMap(({ long, description }) => (long ? { text: long, description } : []));
  if (!typed.command) return commandsOf(program);
  return wordsOf(typed.command.name(), typed.operands, context, typed.inventory);
}

const commandsOf = (program: Command): readonly Candidate[] =>
  program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== "help")
    .map((command) => ({ text: command.name(), description: command.description() }));

interface Typed {
  readonly command?: Command;
  readonly operands: readonly string[];
  /** The option whose value comes next. */
  readonly open?: Option;
  readonly inventory: InventoryOptions;
}

/** Options may stand before the command: it is the first word that is none, and no option's value. */
function readTyped(program: Command, words: readonly string[]): Typed {
  let command: Command | undefined;
  let open: Option | undefined;
  let inventory: InventoryOptions = { orThisMachine: true };
  const operands: string[] = [];
  const take = (option: Option, value: string) => {
    if (option.long === "--inventory") inventory = { ...inventory, inventory: value };
    if (option.long === "--ssh-config") inventory = { ...inventory, sshConfig: value };
  };
  for (const word of words) {
    if (open) {
      take(open, word);
      open = undefined;
    } else if (word.startsWith("-")) {
      const [flag = "", ...value] = word.split("=");
      const option = [...(command?.options ?? []), ...program.options].find(
        ({ long, short }) => flag === long || flag === short,
      );
      if (option && value.length > 0) take(option, value.join("="));
      else if (option?.required) open = option;
    } else if (command) operands.push(word);
    else command = program.commands.find((one) => one.name() === word);
  }
  return { ...(command ? { command } : {}), ...(open ? { open } : {}), operands, inventory };
}
