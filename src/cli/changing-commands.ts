import type { Command } from "commander";
import type { Context } from "./context.ts";
import { addJournalCommands } from "./journal-commands.ts";
import type { RestoreWords } from "./restore.ts";

interface DeployWords {
  readonly on?: string;
  readonly env?: string;
  readonly skipStaging?: boolean;
}

/** The commands that change hosts, and those about what was changed. */
export function addChangingCommands(
  program: Command,
  context: Context,
  done: (exitCode: number) => void,
): void {
  for (const [verb, description] of [
    ["start", "start a service, or a unit, container, pod or project"],
    ["stop", "stop it"],
    ["restart", "stop it and start it again, and see that it is well"],
  ] as const)
    changing(program.command(verb))
      .description(description)
      .argument("<name>", "its name, HOST/NAME, or its id")
      .action(async (name: string, _: unknown, command: Command) => {
        const { operate } = await import("./operate.ts");
        done(await operate(context, { verb, name }, command.optsWithGlobals()));
      });

  consenting(program.command("apply"))
    .description("carry out a plan that was kept with --out, as it was shown")
    .argument("<plan>", "the file")
    .option("--dry-run", "show it and change nothing")
    .action(async (file: string, _: unknown, command: Command) => {
      const { apply } = await import("./apply.ts");
      done(await apply(context, file, command.optsWithGlobals()));
    });

  addJournalCommands(program, context, done);

  changing(program.command("backup"))
    .description("copy the data of a service to its repositories, from a snapshot while it runs")
    .argument("<service>")
    .option("--to <repository>", "to this one, instead of those that it declares")
    .option("--init", "make the repository where there is none")
    .action(async (name: string, { to, init }: { to?: string; init?: boolean }, command: Command) => {
      const { operate } = await import("./operate.ts");
      const wish = { ...(to === undefined ? {} : { to }), ...(init ? { init } : {}) };
      done(await operate(context, { verb: "backup", name, ...wish }, command.optsWithGlobals()));
    });

  changing(program.command("verify"))
    .description("have repositories checked by their own tool; what it finds is shown with their backups")
    .argument("[repository...]", "repositories, or services for those of theirs; all when it is left out")
    .option("--read-data", "read all that is in it, too: as long as restoring everything")
    .action(async (names: string[], _: unknown, command: Command) => {
      const { verify } = await import("./verify.ts");
      done(await verify(context, names, command.optsWithGlobals()));
    });

  changing(program.command("restore"))
    .description("bring the data of a service back: beside the live data, verified, then in its place")
    .argument("<service>")
    .option(
      "--from <copy>",
      "the id of a copy, or a time such as 2h or 2026-11-20T18:00: the newest one from then or before",
    )
    .option("--to <host>", "on another host, once it runs nowhere else")
    .option("--drill", "only for a try: to scratch, started apart, and thrown away")
    .action(async (name: string, words: RestoreWords, command: Command) => {
      const { restore } = await import("./restore.ts");
      done(await restore(context, name, { ...command.optsWithGlobals(), ...words }));
    });

  program
    .command("backups")
    .description("what the repositories have, how old it is, and what was proven of it")
    .argument("[service...]")
    .option("-a, --all", "the older ones, too")
    .action(async (names: string[], _: unknown, command: Command) => {
      const { backups } = await import("./backups.ts");
      done(await backups(context, names, command.optsWithGlobals()));
    });

  changing(program.command("deploy"))
    .description("put a service in place as it is declared; nothing happens where it is")
    .argument("<service>", "its name")
    .option("--on <host>", "there, and not where it runs or is at home")
    .option("--env <environment>", "what runs under the same name in that environment")
    .option("--skip-staging", "even if the environment before has not run it")
    .action(async (name: string, words: DeployWords, command: Command) => {
      const { operate } = await import("./operate.ts");
      const { on, env, skipStaging } = words;
      const wish = {
        ...(on === undefined ? {} : { on }),
        ...(env === undefined ? {} : { environment: env }),
        ...(skipStaging ? { skipStaging } : {}),
      };
      done(await operate(context, { verb: "deploy", name, ...wish }, command.optsWithGlobals()));
    });

  program
    .command("drive", { hidden: true })
    .argument("<id>")
    .action((id: string) => context.drive(id));
}

export const collect = (word: string, before: readonly string[] = []) => [...before, word];

/** The words that every change understands. */
export const changing = (command: Command): Command =>
  consenting(command)
    .option("--dry-run", "show the plan and change nothing; exit 8 when there is something to do")
    .option("--out <file>", "keep the plan, for scrap apply");

const consenting = (command: Command): Command =>
  command
    .option("-y, --yes", "consent to changes and interruptions")
    .option("--confirm <name>", "consent to destroy that; may be repeated", collect);
