import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import { toCount, toSeconds, toWords } from "./arguments.ts";
import type { Context } from "./context.ts";
import { toFormat } from "./output.ts";
import type { StatusOptions } from "./status-command.ts";

/** The commands that ask hosts and show what they answer. Each loads itself: most need little of the program. */
export function addReadingCommands(
  program: Command,
  context: Context,
  done: (exitCode: number) => void,
): void {
  hosts(program.command("status", { isDefault: true }))
    .description("one line a host with its worst problem, then the problems")
    .argument("[host...]", "hosts, groups, zone:NAME, globs; !NAME leaves out")
    .option("-w, --watch", "keep it on the screen, fresh")
    .option(
      "-n, --interval <seconds>",
      "ask nothing again before that; the setting watch.refreshSeconds when absent",
      toSeconds,
    )
    .action(async (words: string[], _: unknown, command: Command) => {
      const { status } = await import("./status-command.ts");
      const options: StatusOptions = command.optsWithGlobals();
      // Bare `scrap` at a terminal is the cockpit; in a pipe or cron it prints once, and a document always is.
      const isBare = program.args.length === 0 && context.isTTY && toFormat(options) === "table";
      if (isBare && !(options.plain || context.isPlain)) return done(await context.cockpit(options));
      const asked = status(context, words, { ...options, watch: options.watch ?? isBare });
      done(await (program.args[0] === "status" ? asked : asked.catch(orMistyped(words, program))));
    });

  hosts(program.command("get"))
    .description("a list of one kind of thing")
    .argument(
      "<kind>",
      "host, service, unit, timer, container, pod, project, disk, array, pool, filesystem, ups",
    )
    .argument("[name...]", "only these; globs, HOST/NAME and ids too")
    .option("--problems", "only what is not well")
    .option("-a, --all", "what is well and of no interest, too, such as the distribution's units")
    .action(async (kind: string, names: string[], _: unknown, command: Command) => {
      const { get } = await import("./get.ts");
      done(await get(context, kind, names, command.optsWithGlobals()));
    });

  hosts(program.command("describe"))
    .description("everything about one thing, what it stands on and what stands on it")
    .argument("<kind>")
    .argument("[name]", "its name, HOST/NAME, or its id")
    .action(async (kind: string, name: string | undefined, _: unknown, command: Command) => {
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

  hosts(program.command("doctor"))
    .description("how each host is reached, which tools it has, what stays unseen and how to mend that")
    .argument("[host...]")
    .option("--sudoers <what>", "print a sudoers fragment for one host: read, or change")
    .action(async (words: string[], _: unknown, command: Command) => {
      const { doctor } = await import("./doctor.ts");
      done(await doctor(context, words, command.optsWithGlobals()));
    });
}

const hosts = (command: Command) =>
  command.option("--host <host>", "only on this host, group or zone; may be given again", toWords);

/** `scrap nas` is `scrap status nas`: who mistyped a command should not be told of hosts only. */
const orMistyped =
  ([word]: readonly string[], program: Command) =>
  (error: unknown): never => {
    if (!(error instanceof UsageError) || word === undefined || program.args[0] !== word) throw error;
    const commands = program
      .createHelp()
      .visibleCommands(program)
      .map((command) => command.name());
    throw new UsageError(
      `${error.message}\nNo command is named ${word} either${didYouMean(word, commands)}`,
      {
        hint: "scrap --help shows the words it knows.",
        cause: error,
      },
    );
  };
