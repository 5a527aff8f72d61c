import { parseFiles } from "../../../command/answers.ts";
import { command } from "../../../command/command.ts";
import { CommandFailed } from "../../../errors.ts";
import { known } from "../../known.ts";
import { expectExit, failureOf, parseNumber, parsePairs, unreadable } from "../../parse.ts";
import { type Answer, defineProbe } from "../../probe.ts";

/** One UPS, in NUT's tokens. Source of the words: the apcupsd manual, "Status report fields". */
export interface Ups {
  readonly name: string;
  readonly status: readonly string[];
  /** apcupsd has lost it, or does not answer itself: everything else is old. */
  readonly isLost: boolean;
  readonly isSilent?: true;
  /** Before it was lost. */
  readonly lastStatus?: readonly string[];
  readonly model?: string;
  readonly chargeRatio?: number;
  readonly runtimeMs?: number;
  readonly loadRatio?: number;
}

const tokens: Readonly<Record<string, string>> = {
  ONLINE: "OL",
  ONBATT: "OB",
  LOWBATT: "LB",
  REPLACEBATT: "RB",
  OVERLOAD: "OVER",
  CAL: "CAL",
  TRIM: "TRIM",
  BOOST: "BOOST",
  SHUTTING: "FSD",
};

type Before = Answer<Ups | null> | undefined;

const statusBefore = (before: Before) =>
  before?.fact?.isLost ? before.fact.lastStatus : before?.fact?.status;

/** `CAL TRIM BOOST ONLINE ONBATT OVERLOAD LOWBATT REPLACEBATT NOBATT SLAVE SLAVEDOWN`, COMMLOST, SHUTTING DOWN. */
export const status = defineProbe<Ups | null>({
  id: "apcupsd.status",
  question: { ...command("apcaccess", "status"), timeoutMs: 5000 },
  freshMs: 15_000,
  sees: "UPS of apcupsd",
  parse: (output, before) => {
    if (output.exitCode === 124 || output.exitCode === 137) throw new CommandFailed(failureOf(output));
    if (output.exitCode !== 0 && output.stdout === "") return toSilent(before);
    const fields = parsePairs(output.stdout, ":");
    const words = fields
      .get("STATUS")
      ?.split(/\s+/)
      .filter((word) => word !== "");
    if (!words) throw unreadable("No STATUS", output.stdout);
    const ratio = (field: string) => {
      const percent = parseNumber(fields.get(field)?.replace(/ Percent.*$/, ""));
      return percent === undefined ? undefined : percent / 100;
    };
    // NUT tells seconds, apcupsd minutes.
    const minutes = parseNumber(fields.get("TIMELEFT")?.replace(/ Minutes$/, ""));
    const isLost = words.includes("COMMLOST");
    return known({
      name: fields.get("UPSNAME") || "ups",
      status: words.flatMap((word) => (word === "DOWN" || word === "COMMLOST" ? [] : [tokens[word] ?? word])),
      isLost,
      lastStatus: isLost ? statusBefore(before) : undefined,
      model: fields.get("MODEL"),
      chargeRatio: ratio("BCHARGE"),
      runtimeMs: minutes === undefined ? undefined : Math.round(minutes * 60_000),
      loadRatio: ratio("LOADPCT"),
    });
  },
});

/** Nobody listens: null where nobody ever did. */
function toSilent(before: Before): Ups | null {
  if (!before?.fact) return null;
  const { name, model } = before.fact;
  return known({
    name,
    status: [],
    isLost: true,
    isSilent: true,
    lastStatus: statusBefore(before),
    model,
  } as const);
}

/** Debian starts it only where somebody said that it is configured. True where nobody said anything. */
export const configured = defineProbe<boolean>({
  id: "apcupsd.configured",
  question: { files: ["/etc/default/apcupsd"] },
  freshMs: 300_000,
  sees: "whether apcupsd is configured",
  parse: (output) => {
    const text = parseFiles(expectExit(output).stdout).get("/etc/default/apcupsd") ?? "";
    return !/^\s*ISCONFIGURED=["']?no\b/m.test(text);
  },
});
