import { fractionOf } from "../stand-ins.ts";
import type { JournalEntry, SimulatedHost } from "../state.ts";
import type { Moment } from "../state-time.ts";
import { usualTexts } from "./log-texts.ts";
import {
  type Answer,
  complain,
  lines,
  operandsOf,
  optionOf,
  type Surroundings,
  say,
  type Tool,
} from "./tool.ts";

/** Quiet programs say something each so often. */
const everyMs = 7000;

/** What one unit or container logged until now, the last `count` lines. */
function linesOf(
  host: SimulatedHost,
  name: string,
  { from, to, count }: { from: number; to: number; count: number },
) {
  const offset = fractionOf(`${host.name} ${name} log`) * everyMs;
  const first = Math.max(from, host.bootedAt, to - count * everyMs);
  const texts = usualTexts(name);
  const own = host.journal.filter(({ of }) => stemOf(of) === stemOf(name));
  // What starts or ends has other things to say.
  const isBusy = (at: Moment) => own.some(({ at: told }) => at >= told && at < told + everyMs);
  const quiet: JournalEntry[] = [];
  for (let at = Math.ceil((first - offset) / everyMs) * everyMs + offset; at <= to; at += everyMs) {
    if (isBusy(at)) continue;
    const choice = Math.floor(fractionOf(`${name} ${Math.round(at / everyMs)}`) * texts.length);
    quiet.push({ at, of: name, text: texts[choice] ?? "" });
  }
  const told = host.journal.filter((entry) => entry.of === name && entry.at >= first && entry.at <= to);
  return [...quiet, ...told].sort((a, b) => a.at - b.at).slice(-count);
}

const stemOf = (name: string) => name.replace(/\.\w+$/, "");

/** Prints what is there; with `-f` goes on each second. */
function printLog(
  args: readonly string[],
  { host, now, clock, dateOf }: Surroundings,
  names: readonly string[],
  format: (line: JournalEntry) => string,
): Answer {
  const count = Number(optionOf(args, "-n") ?? optionOf(args, "--tail") ?? 200);
  const since = optionOf(args, "--since")?.replace(" UTC", "Z").replace(" ", "T");
  const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since) - dateOf(0).getTime();
  const between = (begin: number, end: number, most: number) =>
    names
      .flatMap((name) => linesOf(host, name, { from: begin, to: end, count: most }))
      .sort((a, b) => a.at - b.at)
      .slice(-most)
      .map(format);
  const answer = say(lines(count === 0 ? [] : between(from, now, count)));
  if (!args.includes("-f") && !args.includes("--follow")) return answer;
  return {
    ...answer,
    follow: (tell) => {
      let last = now;
      const timer = setInterval(() => {
        const next = clock();
        // Moments are not whole: nothing is told twice.
        const fresh = next > last ? between(last + 0.001, next, 200) : [];
        last = next;
        if (fresh.length > 0) tell(lines(fresh));
      }, 500);
      return () => clearInterval(timer);
    },
  };
}

/** Of `podman logs` and `docker logs`. */
export function logOf(
  args: readonly string[],
  surroundings: Surroundings,
  known: readonly string[],
  project?: string,
): Answer {
  const { dateOf } = surroundings;
  const stamp = ({ at }: JournalEntry) => dateOf(at).toISOString().replace("Z", "000000Z");
  if (project !== undefined) {
    const short = (name: string) => name.replace(`${project}-`, "");
    const width = Math.max(0, ...known.map((name) => short(name).length));
    const format = (line: JournalEntry) => `${short(line.of).padEnd(width)}  | ${stamp(line)} ${line.text}`;
    return printLog(args, surroundings, known, format);
  }
  const name = operandsOf(args)[0] ?? "";
  if (!known.includes(name)) return complain(1, `Error: No such container: ${name}\n`);
  const members = surroundings.host.containers.filter((each) => each.pod === name && !each.isInfra);
  const names = members.length === 0 ? [name] : members.map((each) => each.name);
  return printLog(args, surroundings, names, (line) => `${stamp(line)} ${line.text}`);
}

export const journal: Tool = {
  isOn: () => true,
  programs: {
    "/usr/bin/journalctl": (args, surroundings) => {
      const { host, dateOf } = surroundings;
      const unit = optionOf(args, "--unit") ?? optionOf(args, "_SYSTEMD_USER_UNIT");
      if (unit === undefined) return complain(1, "Only the journal of a unit is simulated.\n");
      const own = host.units.find(({ name }) => name === unit);
      // What a container says goes to the journal of its unit.
      const inside = host.containers
        .filter((each) => each.unit === unit && !each.isInfra)
        .map(({ name }) => name);
      const program = unit.replace(/\.\w+$/, "");
      const process = Math.floor(fractionOf(unit) * 30_000) + 700;
      const answer = printLog(args, surroundings, own ? [unit, ...inside] : [], ({ at, by, text }) => {
        const stamp = dateOf(at)
          .toISOString()
          .replace(/\.\d+Z$/, "+00:00");
        return `${stamp} ${host.name} ${by === "systemd" ? "systemd[1]" : `${program}[${process}]`}: ${text}`;
      });
      return answer.stdout === "" && !answer.follow ? say("-- No entries --\n") : answer;
    },
  },
};
