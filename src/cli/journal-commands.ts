import type { Command } from "commander";
import { toWords } from "./arguments.ts";
import type { Context } from "./context.ts";

/** The commands about operations that were begun, here or on another machine. */
export function addJournalCommands(
  program: Command,
  context: Context,
  done: (exitCode: number) => void,
): void {
  program
    .command("jobs")
    .description("what hosts run for an operation, and who holds them; by the hosts' own records")
    .option("--host <host>", "only on this host, group or zone; may be given again", toWords)
    .action(async (_: unknown, command: Command) => {
      const { jobs } = await import("./jobs.ts");
      done(await jobs(context, command.optsWithGlobals()));
    });

  program
    .command("journal")
    .description("what was done: a list, `show ID`, or `verify [ID]`")
    .argument("[what]", "show or verify")
    .argument("[id]", "an operation, or how its id begins or ends")
    .option("-f, --follow", "go on until it has ended")
    .action(async (what: string | undefined, id: string | undefined, _: unknown, command: Command) => {
      const { journal } = await import("./journal.ts");
      done(await journal(context, what, id, command.optsWithGlobals()));
    });

  program
    .command("resume")
    .description("go on with an operation that was cut off, stopped, or left in doubt")
    .argument("<id>", "the operation, or how its id begins or ends")
    .option("--was-done <step>", "that step did happen; may be given again", toWords)
    .option("--was-not-done <step>", "that step did not happen; may be given again", toWords)
    .option("--anyway", "even if others have changed its hosts since")
    .action(async (id: string, _: unknown, command: Command) => {
      const { resume } = await import("./resume.ts");
      done(await resume(context, id, command.optsWithGlobals()));
    });

  program
    .command("cancel")
    .description("stop an operation after its current step; said again, cancel that step and walk back")
    .argument("<id>", "the operation, or how its id begins or ends")
    .option("--anyway", "go back even if others have changed its hosts since")
    .action(async (id: string, _: unknown, command: Command) => {
      const { cancel } = await import("./resume.ts");
      done(await cancel(context, id, command.optsWithGlobals()));
    });

  program
    .command("unlock")
    .description("take a host's lock away from an operation that will never come back")
    .argument("<host>")
    .argument("<id>", "the operation that has it, or how its id begins or ends")
    .option("-y, --yes", "consent to it")
    .action(async (host: string, id: string, _: unknown, command: Command) => {
      const { unlock } = await import("./unlock.ts");
      done(await unlock(context, host, id, command.optsWithGlobals()));
    });
}
