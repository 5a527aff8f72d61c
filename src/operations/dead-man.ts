import { type Command, toArgv } from "../command/command.ts";
import type { RunStep, WaitStep } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";

/** What wakes a service that was brought to rest, should nobody do it. */
export interface DeadMan {
  readonly arm: RunStep;
  /** He has done nothing so far: what was made until now was made at rest. */
  readonly see: WaitStep;
  readonly disarm: (id: string) => RunStep;
}

/**
 * A timer of the host's own that runs `command` after that time. Undefined where there is no systemd: then a service
 * stays at rest until somebody resumes the operation.
 */
export function* deadManOn(
  host: string,
  operation: string,
  command: Command,
  afterMs: number,
): Planning<DeadMan | undefined> {
  const systemd = yield* askHost(host, { argv: ["systemd-run", "--version"] });
  if (systemd.exitCode !== 0) return undefined;
  const unit = `scrap-dead-man-${operation}`;
  const show = (property: string): Command => ({
    argv: ["systemctl", "show", "--value", `--property=${property}`, `${unit}.timer`],
    asRoot: true,
  });
  const common = { host, effect: "changes", timeoutMs: 30_000 } as const;
  return {
    arm: {
      ...common,
      kind: "run",
      id: "arm",
      title: `Let ${host} do it after ${afterMs / 1000} s, should we vanish`,
      command: {
        argv: [
          ...(["systemd-run", "--quiet", "--collect", `--unit=${unit}`] as const),
          ...[`--on-active=${afterMs / 1000}s`, "--timer-property=AccuracySec=1s", "--"],
          ...toArgv(command, "root", "unlimited"),
        ],
        asRoot: true,
      },
      done: {
        kind: "command",
        title: "the timer waits",
        host,
        command: show("SubState"),
        expect: { stdout: "waiting" },
      },
    },
    see: {
      kind: "wait",
      id: "see",
      title: "See that it was at rest all the time",
      effect: "reads",
      host,
      until: [
        {
          kind: "command",
          title: `the timer of ${host} still waits`,
          host,
          command: show("SubState"),
          expect: { stdout: "waiting" },
        },
      ],
      everyMs: 1000,
      timeoutMs: 0,
    },
    disarm: (id) => ({
      ...common,
      kind: "run",
      id,
      title: `Stop the timer of ${host}`,
      command: { argv: ["systemctl", "stop", `${unit}.timer`], asRoot: true },
      again: "safe",
      done: {
        kind: "command",
        title: "the timer is gone",
        host,
        command: show("ActiveState"),
        expect: { stdout: "inactive" },
      },
    }),
  };
}
