import type { Command } from "../command/command.ts";
import { Refused } from "../errors.ts";
import type { Check, RunStep, Step, UploadStep } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";
import type { Job } from "../schedule/jobs.ts";
import { unitOf } from "../schedule/places.ts";

const systemctl = (...args: readonly string[]): Command => ({ argv: ["systemctl", ...args], asRoot: true });

/** Who keeps the time on a host. Throws `Refused` where nobody does that we know. */
export function* timeKeeperOf(host: string): Planning<"systemd" | "cron"> {
  const systemd = yield* askHost(host, { argv: ["test", "-d", "/run/systemd/system"] });
  if (systemd.exitCode === 0) return "systemd";
  const cron = yield* askHost(host, { argv: ["sh", "-c", cronScript], asRoot: true });
  if (cron.exitCode === 0) return "cron";
  throw new Refused(
    `${host} has no systemd, and no cron runs there that reads /etc/cron.d: nothing begins a job when it is due.`,
    {
      hint: "Such as that of Debian, or cronie. That of BusyBox does not read it.",
    },
  );
}

/** The folder alone says nothing: other packages put files there, too. */
const cronScript = `[ -d /etc/cron.d ] && for p in /proc/[0-9]*; do
  case $(cat "$p/comm" 2>/dev/null) in cron|crond) case $(readlink "$p/exe") in *busybox*) ;; *) exit 0 ;; esac ;; esac
done; exit 1`;

const reload = (id: string, host: string): RunStep => ({
  kind: "run",
  id,
  title: `Let systemd on ${host} read its files anew`,
  effect: "changes",
  host,
  command: systemctl("daemon-reload"),
  again: "safe",
  timeoutMs: 60_000,
  undo: [],
});

/** Files of units, and what lets systemd know of them; on the way back, once all of them are as they were. */
export function reloadSteps(host: string, [first, ...others]: readonly UploadStep[]): readonly Step[] {
  if (!first) return [];
  const back = { ...first, undo: [...(first.undo ?? []), reload("undo-reload", host)] };
  return [back, ...others, reload("reload", host)];
}

const shows = (host: string, timer: string, ...states: readonly string[]): Check => ({
  kind: "command",
  title: states.includes("active") ? "the timer waits" : "the timer is off",
  host,
  command: systemctl("show", "--value", "--property=ActiveState", timer),
  expect: { stdoutMatches: `^(${states.join("|")})$` },
});

const isEnabled = (timer: string) => systemctl("is-enabled", "--", timer);

/** Lets the timer of a job run, from now on and after each boot. No step where it does, and its file `isNew` not. */
export function* timerSteps({ name }: Job, host: string, isNew: boolean): Planning<readonly Step[]> {
  const timer = `${unitOf(name)}.timer`;
  const active = yield* askHost(host, systemctl("is-active", "--", timer));
  const enabled = yield* askHost(host, isEnabled(timer));
  const isOn = active.exitCode === 0 && enabled.exitCode === 0;
  if (isOn && !isNew) return [];
  const base = { kind: "run", effect: "changes", host, again: "safe", timeoutMs: 60_000 } as const;
  if (isOn)
    return [
      {
        ...base,
        id: "restart",
        title: `Start ${timer} anew`,
        command: systemctl("restart", "--", timer),
        undo: [],
      },
    ];
  return [
    {
      ...base,
      id: "enable",
      title: `Let ${timer} run, after each boot too`,
      command: systemctl("enable", "--now", "--", timer),
      done: shows(host, timer, "active"),
      undo: [{ ...disable(name, host), id: "undo-enable" }],
    },
  ];
}

/** Stops the timer of a job, for now and after each boot; and a run that waits for whoever holds the host. */
export function disable(name: string, host: string): RunStep {
  const unit = unitOf(name);
  return {
    kind: "run",
    id: "disable",
    title: `Stop ${unit}.timer, after each boot too`,
    effect: "changes",
    host,
    command: {
      argv: ["sh", "-c", disableScript, "scrap", unit],
      asRoot: true,
    },
    done: shows(host, `${unit}.timer`, "inactive", "failed"),
    again: "safe",
    timeoutMs: 400_000,
  };
}

const disableScript = `systemctl disable --now "$1.timer" && systemctl stop "$1.service"`;

/** Forgets units whose files are gone, and that they failed once. */
export const forgetUnits = (name: string, host: string): RunStep => ({
  ...reload("forget", host),
  command: {
    argv: [
      "sh",
      "-c",
      'systemctl daemon-reload && { systemctl reset-failed "$1.timer" "$1.service" 2>/dev/null; systemctl clean --what=state "$1.timer" 2>/dev/null; rm -f "/var/lib/systemd/timers/stamp-$1.timer"; }',
      "scrap",
      unitOf(name),
    ],
    asRoot: true,
  },
});
