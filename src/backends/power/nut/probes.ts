import { command } from "../../../command/command.ts";
import { CommandFailed } from "../../../errors.ts";
import { defineProbe, type Probe } from "../../contract.ts";
import { known } from "../../known.ts";
import { expectExit, failureOf, parseLines, parseNumber, parsePairs, unreadable } from "../../parse.ts";

export const version = defineProbe({
  id: "nut.version",
  question: command("upsc", "-V"),
  freshMs: 24 * 3_600_000,
  sees: "version of NUT",
  parse: (output) => {
    const { stdout, stderr } = expectExit(output);
    // 2.8.0 says it on stderr, and calls itself upscmd there.
    const number = /^Network UPS Tools \D*(\d+\.\d+\S*)/m.exec(`${stdout}\n${stderr}`)?.[1];
    if (number === undefined) throw unreadable("Not a version", stdout + stderr);
    return number;
  },
});

/** The UPSes of this host's upsd. That it runs no upsd is known too: then there are none. */
export const upses = defineProbe<readonly string[]>({
  id: "nut.list",
  question: { argv: ["upsc", "-l"], timeoutMs: 5000 },
  freshMs: 300_000,
  sees: "UPSes",
  // 1 says that nobody listens. The list goes to stdout, everything else to stderr.
  parse: (output) => parseLines(expectExit(output, 0, 1).stdout).map((line) => line.trim()),
});

export type Ups =
  /** Known to upsd, but nothing new comes from its driver; or upsd does not know it. */
  | { readonly lost: "stale" | "disconnected" | "unknown" }
  | {
      /** OL, OB, LB, RB, CHRG, DISCHRG, BYPASS, CAL, OFF, OVER, TRIM, BOOST, FSD, ALARM … */
      readonly status: readonly string[];
      readonly alarm?: string;
      readonly model?: string;
      readonly chargeRatio?: number;
      readonly runtimeMs?: number;
      readonly loadRatio?: number;
    };

/** upsc has one exit code for all of these; its words are the only source. */
const losses = new Map<string, "stale" | "disconnected" | "unknown">([
  ["Error: Data stale", "stale"],
  ["Error: Driver not connected", "disconnected"],
  ["Error: Unknown UPS", "unknown"],
]);

export const ups = (name: string): Probe<Ups> =>
  defineProbe<Ups>({
    id: "nut.ups",
    item: name,
    question: { argv: ["upsc", name], timeoutMs: 5000 },
    freshMs: 15_000,
    sees: `UPS ${name}`,
    parse: (output) => {
      const lost = parseLines(output.stderr).flatMap((line) => losses.get(line.trim()) ?? [])[0];
      if (lost && output.exitCode !== 0) return { lost };
      if (output.exitCode !== 0) throw new CommandFailed(failureOf(output));
      const variables = parsePairs(output.stdout, ":");
      const status = variables.get("ups.status");
      if (status === undefined) throw unreadable("No ups.status", output.stdout);
      const ratio = (variable: string) => {
        const percent = parseNumber(variables.get(variable));
        return percent === undefined ? undefined : percent / 100;
      };
      const seconds = parseNumber(variables.get("battery.runtime"));
      return known({
        status: status.split(/\s+/).filter((token) => token !== ""),
        alarm: variables.get("ups.alarm"),
        model: variables.get("device.model") ?? variables.get("ups.model"),
        chargeRatio: ratio("battery.charge"),
        runtimeMs: seconds === undefined || seconds < 0 ? undefined : seconds * 1000,
        loadRatio: ratio("ups.load"),
      });
    },
  });
