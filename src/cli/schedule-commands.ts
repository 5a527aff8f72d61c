import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import { changing } from "./changing-commands.ts";
import type { Context } from "./context.ts";
import { scheduleWords } from "./schedule-words.ts";

/** What hosts do by themselves, without us. */
export function addScheduleCommand(
  program: Command,
  context: Context,
  done: (exitCode: number) => void,
): void {
  changing(program.command("schedule"))
    .description("let hosts make the declared snapshots and backups by themselves: install, status, remove")
    .argument("<what>", "install: put timers there that need nobody else; status: how they do; remove")
    .argument("[service...]", "services; or a host, group or zone, for those at home there")
    .action(async (what: string, names: string[], _: unknown, command: Command) => {
      if (what === "status") {
        const { schedules } = await import("./schedules.ts");
        return done(await schedules(context, names, command.optsWithGlobals()));
      }
      const verb = what === "install" ? "schedule" : what === "remove" ? "unschedule" : undefined;
      if (!verb)
        throw new UsageError(`scrap schedule does not know ${what}${didYouMean(what, [...scheduleWords])}`, {
          hint: "scrap schedule install, scrap schedule status, or scrap schedule remove.",
        });
      if (names.length === 0) throw new UsageError(`Of which services? scrap schedule ${what} SERVICE…`);
      const { operate } = await import("./operate.ts");
      done(await operate(context, { verb, name: names.join(" "), names }, command.optsWithGlobals()));
    });
}
