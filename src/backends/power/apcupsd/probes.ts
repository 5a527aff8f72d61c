import { command } from "../../../command/command.ts";
import { defineProbe } from "../../contract.ts";
import { known } from "../../known.ts";
import { parseNumber, parsePairs, unreadable } from "../../parse.ts";

/** One UPS, in NUT's tokens. Source of the words: the apcupsd manual, "Status report fields". */
export interface Ups {
  readonly name: string;
  readonly status: readonly string[];
  /** apcupsd has lost it: everything else is old. */
  readonly isLost: boolean;
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

/** `CAL TRIM BOOST ONLINE ONBATT OVERLOAD LOWBATT REPLACEBATT NOBATT SLAVE SLAVEDOWN`, COMMLOST, SHUTTING DOWN. */
export const status = defineProbe<Ups | null>({
  id: "apcupsd.status",
  question: { ...command("apcaccess", "status"), timeoutMs: 5000 },
  freshMs: 15_000,
  sees: "UPS of apcupsd",
  parse: (output) => {
    // It is installed and does not run.
    if (output.exitCode !== 0 && output.stdout === "") return null;
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
    return known({
      name: fields.get("UPSNAME") || "ups",
      status: words.flatMap((word) => (word === "DOWN" || word === "COMMLOST" ? [] : [tokens[word] ?? word])),
      isLost: words.includes("COMMLOST"),
      model: fields.get("MODEL"),
      chargeRatio: ratio("BCHARGE"),
      runtimeMs: minutes === undefined ? undefined : Math.round(minutes * 60_000),
      loadRatio: ratio("LOADPCT"),
    });
  },
});
