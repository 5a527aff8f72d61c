import { command } from "../../../command/command.ts";
import { CommandFailed } from "../../../errors.ts";
import { known } from "../../known.ts";
import { expectExit, failureOf, parseLines, parseNumber, parsePairs, unreadable } from "../../parse.ts";
import { defineProbe, type Probe } from "../../probe.ts";

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

/** No upsd listens; the UPSes that it told of while it did. */
export interface Silence {
  readonly before: readonly string[];
}

/** The UPSes of this host's upsd. */
export const upses = defineProbe<readonly string[] | Silence>({
  id: "nut.list",
  question: { argv: ["upsc", "-l"], timeoutMs: 5000 },
  freshMs: 300_000,
  sees: "UPSes",
  // 1 says that nobody listens. The list goes to stdout, everything else to stderr.
  parse: (output, before) => {
    if (expectExit(output, 0, 1).exitCode === 1) return { before: before ? namesOf(before.fact) : [] };
    return parseLines(output.stdout).map((line) => line.trim());
  },
});

export const isSilent = (list: readonly string[] | Silence): list is Silence => "before" in list;

export const namesOf = (list: readonly string[] | Silence) => (isSilent(list) ? list.before : list);

/**
 * The UPSes that upsd should serve here; none where it should not run, as on a client. Of the configuration, which holds
 * secrets, nothing but the mode and the titles of the sections.
 */
export const configured = defineProbe<readonly string[]>({
  id: "nut.configured",
  question: {
    argv: [
      ...(["grep", "-hs", "-e", "^MODE", "-e", "^\\[", "--"] as const),
      ...["/etc/nut", "/etc/ups"].flatMap((folder) => [`${folder}/nut.conf`, `${folder}/ups.conf`]),
    ],
    asRoot: true,
  },
  freshMs: 300_000,
  sees: "whether this host should serve a UPS",
  // 2 says that one of the files is not there.
  parse: (output) => {
    const lines = parseLines(expectExit(output, 0, 1, 2).stdout);
    const isServer = lines.some((line) => /^\s*MODE\s*=\s*["']?(standalone|netserver)\b/.test(line));
    return isServer ? lines.flatMap((line) => /^\s*\[([^\]]+)\]/.exec(line)?.[1] ?? []) : [];
  },
});

type Loss = "stale" | "disconnected" | "unknown" | "silent";

export type Ups =
  /** Known to upsd, but nothing new comes from its driver; or upsd does not know it, or does not answer itself. */
  | { readonly lost: Loss; readonly lastStatus?: readonly string[] }
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
const losses = new Map<string, Loss>([
  ["Error: Data stale", "stale"],
  ["Error: Driver not connected", "disconnected"],
  ["Error: Unknown UPS", "unknown"],
]);

const lossOf = (line: string): Loss | undefined =>
  line.startsWith("Error: Connection failure") ? "silent" : losses.get(line);

export const ups = (name: string): Probe<Ups> =>
  defineProbe<Ups>({
    id: "nut.ups",
    item: name,
    question: { argv: ["upsc", name], timeoutMs: 5000 },
    freshMs: 15_000,
    sees: `UPS ${name}`,
    parse: (output, before) => {
      const lost = parseLines(output.stderr).flatMap((line) => lossOf(line.trim()) ?? [])[0];
      if (lost && output.exitCode !== 0) return known({ lost, lastStatus: before && statusOf(before.fact) });
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

/** The last that was heard of it. */
const statusOf = (ups: Ups) => ("status" in ups ? ups.status : ups.lastStatus);
