import { type Command, InvalidArgumentError } from "commander";
import { UsageError } from "../errors.ts";
import { durationPattern, parseDuration } from "../inventory/quantities.ts";
import { changing } from "./changing-commands.ts";
import type { Context } from "./context.ts";
import type { OperateOptions } from "./operate.ts";

interface WatchOptions {
  readonly within?: number;
  readonly soak?: number;
}

interface UpgradeOptions extends OperateOptions, WatchOptions {
  readonly to?: string;
  readonly major?: boolean;
  /** False after --no-snapshot. */
  readonly snapshot: boolean;
  readonly host?: string;
  readonly reboot?: boolean;
  readonly skipStaging?: boolean;
}

/** The commands about which version runs. */
export function addVersionCommands(
  program: Command,
  context: Context,
  done: (exitCode: number) => void,
): void {
  changing(program.command("upgrade"))
    .description("bring a service to a newer version; old version and old data return when it is not well")
    .argument("[service]", "its name")
    .option("--to <version>", "that one, and not the newest of the same major version")
    .option("--major", "a major step, too")
    .option("--within <duration>", "so soon it must be well: 2m", toMs)
    .option("--soak <duration>", "so long it must stay well before the old one is given up: 5m", toMs)
    .option("--no-snapshot", "leave the data as the new version makes it, whatever comes")
    .option("--skip-staging", "even if the environment before has not run it")
    .option("--host <host>", "the packages of that host instead")
    .option("--reboot", "with --host: start it anew when it needs that")
    .action(async (service: string | undefined, _: unknown, command: Command) => {
      const { operate } = await import("./operate.ts");
      const options = command.optsWithGlobals<UpgradeOptions>();
      done(await operate(context, toRequest(service, options), options));
    });

  changing(program.command("rollback"))
    .description("take the last upgrade of a service back")
    .argument("<service>", "its name")
    .option("--with-data", "and bring back its data of before; what is there now is kept beside it")
    .option("--within <duration>", "so soon it must be well: 2m", toMs)
    .option("--soak <duration>", "so long it must stay well: 1m", toMs)
    .action(async (name: string, _: unknown, command: Command) => {
      const [{ operate }, { lastUpgrade }] = await Promise.all([
        import("./operate.ts"),
        import("./last-upgrade.ts"),
      ]);
      const options = command.optsWithGlobals<OperateOptions & WatchOptions & { withData?: boolean }>();
      const { withData = false } = options;
      const of = lastUpgrade(name, (await context.operations(options)).list());
      const request = { verb: "rollback", name, of, withData, watching: toWatching(options) } as const;
      done(await operate(context, request, options));
    });

  program
    .command("outdated")
    .description("which services could be upgraded, and what podman updates by itself")
    .argument("[service...]", "only these")
    .action(async (names: string[], _: unknown, command: Command) => {
      const { outdated } = await import("./outdated.ts");
      done(await outdated(context, names, command.optsWithGlobals()));
    });
}

function toRequest(service: string | undefined, options: UpgradeOptions) {
  const { to, major, snapshot, host, reboot, skipStaging } = options;
  if (host !== undefined) {
    if (service !== undefined || to !== undefined || major)
      throw new UsageError("--host upgrades the packages of a host: no service or version goes with it.");
    return { verb: "upgrade-host", name: host, ...(reboot ? { reboot } : {}) } as const;
  }
  if (service === undefined)
    throw new UsageError("Which service is upgraded?", { hint: "scrap outdated lists those that could be." });
  if (reboot) throw new UsageError("--reboot goes with --host.");
  return {
    verb: "upgrade",
    name: service,
    ...(to === undefined ? {} : { to }),
    ...(major ? { major } : {}),
    watching: toWatching(options),
    ...(snapshot ? {} : { noSnapshot: true }),
    ...(skipStaging ? { skipStaging } : {}),
  } as const;
}

const toWatching = ({ within, soak }: WatchOptions) => ({
  ...(within === undefined ? {} : { withinMs: within }),
  ...(soak === undefined ? {} : { soakMs: soak }),
});

function toMs(text: string): number {
  if (!durationPattern.test(text)) throw new InvalidArgumentError("Expected a duration, such as 90s or 5m.");
  return parseDuration(text);
}
