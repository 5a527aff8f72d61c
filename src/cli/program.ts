import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../errors.ts";
import type { Context } from "./context.ts";
import { formats } from "./output.ts";
import type { StatusOptions } from "./status-command.ts";

/** Runs one command line. Resolves with the exit code; rejects with a `Failure`, or with anything else for a bug. */
export async function runCommandLine(
  argv: readonly string[],
  context: Context,
  version: string,
): Promise<number> {
  let exitCode = 0;
  const program = createProgram(context, version, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw new UsageError(error.message.replace(/^error: /, ""), {
      hint: "scrap --help shows the words it knows.",
      cause: error,
    });
  }
  return exitCode;
}

function createProgram(context: Context, version: string, done: (exitCode: number) => void): Command {
  const program = new Command("scrap")
    .description("Sees and runs the services of a few machines over SSH, with nothing installed on them.")
    .version(version, "-V, --version")
    .option("--inventory <file>", "inventory instead of $XDG_CONFIG_HOME/scrap/inventory.yaml")
    .option("--ssh-config <file>", "what ssh -F is")
    .addOption(new Option("-o, --output <format>", "how to print").choices([...formats]).default("table"))
    .option("--json", "the same as -o json")
    .option("--timeout <seconds>", "stop asking after that", toSeconds, 60)
    .option("-K, --ask-become-pass", "ask for the password of sudo, once")
    .option("--no-color", "no colours, as NO_COLOR=1")
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.print(text.trimEnd()), writeErr: () => {} });

  const hosts = (command: Command) =>
    command.option("--host <host>", "only on this host, group or zone; may be given again", collect);

  program
    .command("status", { isDefault: true })
    .description("one line a host with its worst problem, then the problems")
    .argument("[host...]", "hosts, groups, zone:NAME, globs; !NAME leaves out")
    .option("-w, --watch", "keep it on the screen, fresh")
    .option("-n, --interval <seconds>", "how fresh; the setting watch.refreshSeconds when absent", toSeconds)
    .action(async (words: string[], _: unknown, command: Command) => {
      const options: StatusOptions = command.optsWithGlobals();
      // Bare `scrap` at a terminal is the cockpit; in a pipe or cron it prints once.
      const isBare =
        command.parent?.args.length === 0 && context.isTTY && !options.json && options.output === "table";
      if (isBare) return done(await context.cockpit(options));
      const { status } = await import("./status-command.ts");
      done(await status(context, words, options));
    });

  hosts(program.command("get"))
    .description("a list of one kind of thing")
    .argument(
      "<kind>",
      "host, service, unit, timer, container, pod, project, disk, array, pool, filesystem, ups",
    )
    .argument("[name...]", "only these")
    .option("--problems", "only what is not well")
    .option("-a, --all", "what is well and of no interest, too, such as the distribution's units")
    .action(async (kind: string, names: string[], _: unknown, command: Command) => {
      const { get } = await import("./get.ts");
      done(await get(context, kind, names, command.optsWithGlobals()));
    });

  hosts(program.command("describe"))
    .description("everything about one thing, what it stands on and what stands on it")
    .argument("<kind>")
    .argument("<name>", "its name, HOST/NAME, or its id")
    .action(async (kind: string, name: string, _: unknown, command: Command) => {
      const { describe } = await import("./describe.ts");
      done(await describe(context, kind, name, command.optsWithGlobals()));
    });

  hosts(program.command("logs"))
    .description("the log of a service, a unit or a container")
    .argument("<service>")
    .option("-f, --follow", "go on as it grows")
    .option("--since <time>", "10m, 2h, 3d ago, or a date")
    .option("-n, --lines <count>", "how many lines to begin with", toCount, 200)
    .action(async (name: string, _: unknown, command: Command) => {
      const { logs } = await import("./logs.ts");
      done(await logs(context, name, command.optsWithGlobals()));
    });

  program
    .command("doctor")
    .description("how each host is reached, which tools it has, what stays unseen and how to mend that")
    .argument("[host...]")
    .option("--sudoers <what>", "print a sudoers fragment for one host: read, or change")
    .action(async (words: string[], _: unknown, command: Command) => {
      const { doctor } = await import("./doctor.ts");
      done(await doctor(context, words, command.optsWithGlobals()));
    });

  program
    .command("demo")
    .description("any command on a simulated homelab: scrap demo [--story NAME] [--hosts COUNT] [COMMAND…]")
    .argument("[command...]")
    .action(() => {
      // What makes one has taken the word, where it is the first.
      throw new UsageError("`demo` comes first: scrap demo status --json");
    });

  program
    .command("schema")
    .description("the JSON Schema of the inventory")
    .action(async () => {
      const { inventoryJsonSchema } = await import("../inventory/json-schema.ts");
      context.print(JSON.stringify(inventoryJsonSchema(), null, 2));
    });

  program
    .command("settings")
    .description("what is set, or set one: scrap settings watch.refreshSeconds 5")
    .argument("[key]")
    .argument("[value]")
    .action(async (key: string | undefined, value: string | undefined) => {
      const { settings } = await import("./settings.ts");
      done(await settings(context, key, value));
    });

  program
    .command("completion")
    .description("a completion script")
    .argument("<shell>", "bash, zsh or fish")
    .action(async (shell: string) => {
      const { completion } = await import("./completion.ts");
      context.print(completion(shell, program).trimEnd());
    });

  return program;
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400)) throw new InvalidArgumentError("Expected seconds, such as 5.");
  return seconds;
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) throw new InvalidArgumentError("Expected a whole number.");
  return count;
}

const collect = (word: string, before: readonly string[] = []) => [...before, ...word.split(",")];
