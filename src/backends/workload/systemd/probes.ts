import * as z from "zod";
import { parseFiles, parseLook } from "../../../command/answers.ts";
import type { User } from "../../../command/command.ts";
import { expectExit, parseJson, parseLines, parseNumber, unreadable } from "../../parse.ts";
import { defineProbe, type Probe } from "../../probe.ts";
import { batchItem } from "../batch.ts";
import { asUser, usersProbes } from "../users.ts";
import { parseDetails } from "./details.ts";

/** A line of `systemctl list-units`. */
export interface ListedUnit {
  readonly unit: string;
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  readonly description: string;
}

/** A line of `systemctl list-timers`; times in ISO 8601. */
export interface ListedTimer {
  readonly unit: string;
  readonly activates?: string;
  readonly next?: string;
  readonly last?: string;
}

/** A user manager, or the system's where there is no user. */
export interface Scope {
  readonly user?: User;
}

export const users = usersProbes("systemd");

export const version = defineProbe({
  id: "systemd.version",
  question: { argv: ["systemctl", "--version"] },
  freshMs: 3_600_000,
  sees: "the version of systemd",
  parse: (output) => {
    const { stdout } = expectExit(output);
    const found = /^systemd (\d+)/.exec(stdout)?.[1];
    if (found === undefined) throw unreadable("No version of systemd", stdout);
    return found;
  },
});

/** Unit files that are not the distribution's, or were made of some that are not. */
export const files = defineProbe({
  id: "systemd.files",
  question: {
    programs: [],
    paths: ["/etc/systemd/system/*", "/run/systemd/generator/*.service", "/usr/local/lib/systemd/system/*"],
  },
  freshMs: 60_000,
  sees: "which units are your own",
  parse: (output) => [...parseLook(expectExit(output).stdout).paths],
});

/** How long the host is up, in ms: systemd counts by that clock, so that nobody's wrong time of day matters. */
export const clock = defineProbe({
  id: "systemd.clock",
  question: { files: ["/proc/uptime"] },
  freshMs: 60_000,
  sees: "how long ago a unit was started",
  parse: (output) => {
    const { stdout } = expectExit(output);
    const seconds = parseNumber(parseFiles(stdout).get("/proc/uptime")?.split(" ")[0]);
    if (seconds === undefined) throw unreadable("No uptime", stdout);
    return seconds * 1000;
  },
});

/** JSON came with systemd 246; before, the same columns as text. */
const unit = z.object({
  unit: z.string(),
  load: z.string(),
  active: z.string(),
  sub: z.string(),
  description: z.string(),
});

function parseUnits(text: string): readonly ListedUnit[] {
  if (text.startsWith("[")) return parseJson(text, z.array(unit));
  return parseLines(text).map((line) => {
    const [, name = "", load = "", active = "", sub = "", description = ""] =
      /^(?:[●○×*] )?\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    if (!/\.\w+$/.test(name)) throw unreadable("Not a unit", line);
    return { unit: name, load, active, sub, description };
  });
}

/** Of these kinds, units can fail. */
const types = "service,timer,mount,automount,swap,socket,path";

export function unitsProbe(scope: Scope, systemd: number): Probe<readonly ListedUnit[]> {
  const form = systemd >= 246 ? ["--output=json"] : ["--plain", "--no-legend", "--full"];
  return {
    id: "systemd.units",
    ...itemOf(scope),
    question: systemctl(scope, "list-units", "--all", `--type=${types}`, "--no-pager", ...form),
    freshMs: freshMs(scope, 20_000, 45_000),
    sees: scope.user ? `the units of ${scope.user.name}` : "units",
    parse: (output) => parseUnits(expectExit(output).stdout),
  };
}

const microseconds = z.number().nullish();
const timer = z.object({
  unit: z.string(),
  activates: z.string().nullish(),
  next: microseconds,
  last: microseconds,
});

/** 0 is never, and so is more than a date can be. */
function fromMicroseconds(time: number | null | undefined): string | undefined {
  return time && time > 0 && time < 8.64e18 ? new Date(Math.floor(time / 1000)).toISOString() : undefined;
}

export function timersProbe(scope: Scope): Probe<readonly ListedTimer[]> {
  return {
    id: "systemd.timers",
    ...itemOf(scope),
    question: systemctl(scope, "list-timers", "--all", "--no-pager", "--output=json"),
    freshMs: freshMs(scope, 120_000, 120_000),
    sees: scope.user ? `the timers of ${scope.user.name}` : "timers",
    parse: (output) =>
      parseJson(expectExit(output).stdout, z.array(timer)).map(({ unit, activates, next, last }) => ({
        unit,
        ...(activates ? { activates } : {}),
        ...(fromMicroseconds(next) ? { next: fromMicroseconds(next) as string } : {}),
        ...(fromMicroseconds(last) ? { last: fromMicroseconds(last) as string } : {}),
      })),
  };
}

const properties = [
  "Id",
  "Result",
  "ExecMainCode",
  "ExecMainStatus",
  "ExecMainStartTimestampMonotonic",
  "NRestarts",
  "MemoryCurrent",
  "UnitFileState",
  "FragmentPath",
  "SourcePath",
  "StateChangeTimestamp",
  "Restart",
  "WantedBy",
  "RequiredBy",
];

/** What `list-units` does not tell, for some units in one go: each costs the manager about half a millisecond. */
export function detailsProbe(scope: Scope, units: readonly string[]) {
  return defineProbe({
    id: "systemd.details",
    item: batchItem(scope.user?.name, units),
    question: systemctl(scope, "show", "--no-pager", "-p", properties.join(","), "--", ...units),
    freshMs: freshMs(scope, 45_000, 90_000),
    sees: scope.user ? `why units of ${scope.user.name} failed` : "why units failed, and what restarts",
    parse: (output) => parseDetails(expectExit(output).stdout),
  });
}

const systemctl = ({ user }: Scope, ...args: readonly string[]) =>
  user ? asUser(user, "systemctl", "--user", ...args) : asUser(undefined, "systemctl", ...args);

const itemOf = ({ user }: Scope) => (user ? { item: user.name } : {});

const freshMs = ({ user }: Scope, systemMs: number, userMs: number) =>
  user === undefined ? systemMs : userMs;
