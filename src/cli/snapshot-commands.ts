import type { Command } from "commander";
import { changing, collect } from "./changing-commands.ts";
import type { Context } from "./context.ts";

interface PruneWords {
  readonly snapshots?: boolean;
  readonly backups?: boolean;
  readonly without?: readonly string[];
}

/** The commands about the snapshots of services. */
export function addSnapshotCommands(
  program: Command,
  context: Context,
  done: (exitCode: number) => void,
): void {
  const services = "services; or a host, group or zone, for those at home there";
  changing(program.command("snapshot"))
    .description("snapshots of all data of services, at one moment where the tool can")
    .argument("<service...>", services)
    .action(async (names: string[], _: unknown, command: Command) => {
      const { operate } = await import("./operate.ts");
      done(
        await operate(context, { verb: "snapshot", name: names.join(" "), names }, command.optsWithGlobals()),
      );
    });

  changing(program.command("prune"))
    .description("destroy the snapshots and backups that the policy of a service lets go")
    .argument("<service...>", services)
    .option("--snapshots", "only the snapshots on the hosts")
    .option("--backups", "only the backups in the repositories")
    .option(
      "--without <host>",
      "even if that host is away, with what it proved and found; may be repeated",
      collect,
    )
    .action(async (names: string[], { snapshots, backups, without }: PruneWords, command: Command) => {
      const { operate } = await import("./operate.ts");
      const kind = snapshots ? "snapshots" : "backups";
      const only = snapshots === backups ? {} : ({ only: kind } as const);
      const told = without ? { without } : {};
      const request = { verb: "prune", name: names.join(" "), names, ...only, ...told } as const;
      done(await operate(context, request, command.optsWithGlobals()));
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
