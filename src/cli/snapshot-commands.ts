import type { Command } from "commander";
import { changing } from "./changing-commands.ts";
import type { Context } from "./context.ts";

/** The commands about the snapshots of services. */
export function addSnapshotCommands(
  program: Command,
  context: Context,
  done: (exitCode: number) => void,
): void {
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
}
