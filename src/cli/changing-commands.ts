import type { Command } from "commander";
import type { Context } from "./context.ts";

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

  for (const [verb, description] of [
    ["snapshot", "snapshots of all data of services, at one moment where the tool can"],
    ["prune", "destroy the snapshots that the policy of a service lets go"],
  ] as const)
    changing(program.command(verb))
      .description(description)
      .argument("<service...>", "services; or a host, group or zone, for those at home there")
      .action(async (names: string[], _: unknown, command: Command) => {
        const { operate } = await import("./operate.ts");
        done(await operate(context, { verb, name: names.join(" "), names }, command.optsWithGlobals()));
      });

  program
    .command("snapshots")
    .description("the snapshots that there are of services, how old and how consistent they are")
    .argument("[service...]")
    .action(async (names: string[], _: unknown, command: Command) => {
      const { snapshots } = await import("./snapshots.ts");
      done(await snapshots(context, names, command.optsWithGlobals()));
    });

  program
    .command("drive", { hidden: true })
    .argument("<id>")
    .action((id: string) => context.drive(id));
}

const collect = (word: string, before: readonly string[] = []) => [...before, word];

/** The words that every change understands. */
const changing = (command: Command): Command =>
  command
    .option("--dry-run", "show the plan and change nothing; exit 8 when there is something to do")
    .option("--out <file>", "keep the plan, for scrap apply")
    .option("-y, --yes", "consent to changes and interruptions")
    .option("--confirm <name>", "consent to destroy that; may be repeated", collect);
