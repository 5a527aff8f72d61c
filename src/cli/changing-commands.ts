import type { Command } from "commander";
import type { Context } from "./context.ts";
import { addJournalCommands } from "./journal-commands.ts";
import type { OperateOptions } from "./operate.ts";

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

  changing(program.command("snapshot"))
    .description("snapshots of all data of services, at one moment where the tool can")
    .argument("<service...>", "services; or a host, group or zone, for those at home there")
    .action(async (names: string[], _: unknown, command: Command) => {
      const { operate } = await import("./operate.ts");
      const request = { verb: "snapshot", name: names.join(" "), names } as const;
      done(await operate(context, request, command.optsWithGlobals()));
    });

  changing(program.command("deploy"))
    .description("put a service in place as it is declared; nothing happens where it is")
    .argument("<service>", "its name")
    .option("--on <host>", "there, and not where it runs or is at home")
    .action(async (name: string, _: unknown, command: Command) => {
      const { operate } = await import("./operate.ts");
      const options = command.optsWithGlobals<OperateOptions & { readonly on?: string }>();
      const { on } = options;
      done(await operate(context, { verb: "deploy", name, ...(on ? { on } : {}) }, options));
    });

  program
    .command("drive", { hidden: true })
    .argument("<id>")
    .action((id: string) => context.drive(id));
}

const collect = (word: string, before: readonly string[] = []) => [...before, word];

/** The words that every change understands. */
export const changing = (command: Command): Command =>
  consenting(command)
    .option("--dry-run", "show the plan and change nothing; exit 8 when there is something to do")
    .option("--out <file>", "keep the plan, for scrap apply");

const consenting = (command: Command): Command =>
  command
    .option("-y, --yes", "consent to changes and interruptions")
    .option("--confirm <name>", "consent to destroy that; may be repeated", collect);
