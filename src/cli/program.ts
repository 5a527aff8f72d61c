import { Command, CommanderError, Option } from "commander";
import { UsageError } from "../errors.ts";
import { toSeconds } from "./arguments.ts";
import { addChangingCommands } from "./changing-commands.ts";
import type { Context } from "./context.ts";
import { outputs } from "./output.ts";
import { addOwnCommands } from "./own-commands.ts";
import { addReadingCommands } from "./reading-commands.ts";
import { addScheduleCommand } from "./schedule-commands.ts";
import { addSnapshotCommands } from "./snapshot-commands.ts";
import { addVersionCommands } from "./version-commands.ts";

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
    // Of help for a word that is none, commander says nothing.
    const why = error.code === "commander.help" ? `unknown command '${argv.at(-1)}'` : error.message;
    throw new UsageError(why.replace(/^error: /, ""), {
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
    .option("--ssh-config <file>", "what ssh -F is; none: no configuration")
    .addOption(new Option("-o, --output <format>", "how to print").choices([...outputs]).default("table"))
    .option("--json", "the same as -o json")
    .option("--timeout <seconds>", "stop asking after that", toSeconds, 60)
    .option("-K, --ask-become-pass", "ask for the password of sudo or doas, once")
    .option("--plain", "lines one after the other instead of a screen, for screen readers")
    .option("--no-color", "no colours, as NO_COLOR=1")
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.print(text.trimEnd()), writeErr: () => {} });

  addReadingCommands(program, context, done);
  addChangingCommands(program, context, done);
  addSnapshotCommands(program, context, done);
  addScheduleCommand(program, context, done);
  addVersionCommands(program, context, done);
  addOwnCommands(program, context, done);
  return program;
}
