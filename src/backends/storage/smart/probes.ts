import * as z from "zod";
import { command, type Output } from "../../../command/command.ts";
import { known } from "../../known.ts";
import { expectExit, parseJson, unreadable } from "../../parse.ts";
import { type Answer, defineProbe, type Probe } from "../../probe.ts";
import { type Health, parseHealth } from "./health.ts";

export const version = defineProbe({
  id: "smart.version",
  question: command("smartctl", "-V"),
  freshMs: 24 * 3_600_000,
  sees: "version of smartctl",
  parse: (output) => {
    const number = /^smartctl (?:pre-)?(\d+\.\d+)/m.exec(expectExit(output).stdout)?.[1];
    if (number === undefined) throw unreadable("Not a version", output.stdout);
    return number;
  },
});

export interface Device {
  readonly path: string;
  /** As smartctl wants it after -d; absent where it finds out by itself. */
  readonly type?: string;
}

const scanned = z.object({
  // Without any device there is no list at all.
  devices: z.array(z.object({ name: z.string(), type: z.string() })).default([]),
});

/** Which devices could have SMART. Opens none of them, and needs no root. */
export const devices = defineProbe<readonly Device[]>({
  id: "smart.devices",
  question: command("smartctl", "-j", "--scan"),
  freshMs: 3_600_000,
  sees: "disks with SMART",
  parse: (output) =>
    parseJson(expectExit(output).stdout, scanned).devices.map(({ name, type }) =>
      // Behind a RAID controller several disks have one path: megaraid,0 and so on.
      type.includes(",") ? { path: name, type } : { path: name },
    ),
});

export const itemOf = ({ path, type }: Device): string => (type === undefined ? path : `${path} ${type}`);

/** No exit code of smartctl's own: its lowest two bits are never set together. */
const asleepExit = 3;

/** Never wakes a disk that sleeps. The exit code is a mask in which only the lowest two bits mean no answer. */
export const health = (device: Device): Probe<Health> =>
  defineProbe({
    id: "smart.disk",
    item: itemOf(device),
    question: {
      argv: [
        ...(["smartctl", "-j", "-i", "-H", "-A", "-n", `standby,${asleepExit}`] as const),
        ...(device.type === undefined ? [] : ["-d", device.type]),
        "--",
        device.path,
      ],
      asRoot: true,
      timeoutMs: 20_000,
    },
    freshMs: 1_800_000,
    sees: `SMART health of ${itemOf(device)}`,
    parse: (output, before) => (output.exitCode === asleepExit ? toAsleep(before) : toHealth(output, before)),
  });

type Before = Answer<Health> | undefined;

const lastOf = (before: Before): Before => before?.fact.last ?? (before?.fact.isAsleep ? undefined : before);

const kept = (before: Before) => {
  const last = lastOf(before);
  return last && { fact: last.fact, at: last.at };
};

/** A disk that sleeps is as well as it was when it was awake. */
const toAsleep = (before: Before): Health =>
  known({
    isAsleep: true,
    isSupported: lastOf(before)?.fact.isSupported ?? true,
    last: kept(before),
    warnings: [],
    failingAttributes: [],
  });

/** One that dies often stops to answer before: what it said of itself is not forgotten. */
function toHealth(output: Output, before: Before): Health {
  const health = parseHealth(output);
  return health.unread === undefined ? health : known({ ...health, last: kept(before) });
}
