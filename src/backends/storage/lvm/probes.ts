import * as z from "zod";
import { known } from "../../known.ts";
import { expectExit, parseJson, parseNumber } from "../../parse.ts";
import { defineProbe } from "../../probe.ts";
import { asRoot } from "../data-steps.ts";
import { snapshotsFreshMs } from "../newest-snapshots.ts";

const minutes = 60_000;
const inBytes = ["--reportformat", "json", "--units", "b", "--nosuffix", "-o"] as const;

export interface LogicalVolume {
  readonly group: string;
  readonly name: string;
  readonly kind: "volume" | "snapshot" | "thin pool";
  readonly origin?: string;
  /** How much of the room that it was given is taken, of its bookkeeping too. */
  readonly usedRatio?: number;
  readonly bookkeepingRatio?: number;
  /** Overflowed: what it showed is lost. */
  readonly isInvalid: boolean;
  /** What LVM says of a thin pool that takes no more. */
  readonly trouble?: "failed" | "full" | "metadata";
}

const ratio = (percent: string) => {
  const number = parseNumber(percent);
  return number === undefined ? undefined : number / 100;
};

const lv = z
  .object({
    vg_name: z.string(),
    lv_name: z.string(),
    lv_attr: z.string().check(z.minLength(6)),
    origin: z.string(),
    data_percent: z.string(),
    metadata_percent: z.string(),
  })
  .transform(
    (line): LogicalVolume =>
      known({
        group: line.vg_name,
        name: line.lv_name,
        kind: kindOf(line.lv_attr),
        origin: line.origin || undefined,
        usedRatio: ratio(line.data_percent),
        bookkeepingRatio: ratio(line.metadata_percent),
        trouble: line.lv_attr.startsWith("t") ? troubles[line.lv_attr[8] ?? ""] : undefined,
        isInvalid: /^[sS]/.test(line.lv_attr) && (line.lv_attr[4] === "I" || line.lv_attr.startsWith("S")),
      }),
  );

/** lvs(8), the ninth letter of the attributes. */
const troubles: Readonly<Record<string, LogicalVolume["trouble"]>> = {
  F: "failed",
  D: "full",
  M: "metadata",
};

/** Only classic snapshots are told apart from volumes: a thin one is a volume like any other. */
const kindOf = (attributes: string): LogicalVolume["kind"] => {
  if (/^[sS]/.test(attributes)) return "snapshot";
  return attributes.startsWith("t") ? "thin pool" : "volume";
};

export const volumes = defineProbe({
  id: "lvm.volumes",
  question: asRoot("lvs", ...inBytes, "vg_name,lv_name,lv_attr,origin,data_percent,metadata_percent"),
  freshMs: 2 * minutes,
  sees: "logical volumes and their snapshots",
  parse: (output) =>
    parseJson(expectExit(output).stdout, z.object({ report: z.tuple([z.object({ lv: z.array(lv) })]) }))
      .report[0].lv,
});

export interface PhysicalVolume {
  readonly device: string;
  readonly group: string;
  readonly isMissing: boolean;
  readonly groupSizeBytes: number;
  readonly groupFreeBytes: number;
}

const pv = z
  .object({
    pv_name: z.string(),
    vg_name: z.string(),
    pv_missing: z.string(),
    vg_size: z.coerce.number(),
    vg_free: z.coerce.number(),
  })
  .transform(
    (line): PhysicalVolume => ({
      device: line.pv_name,
      group: line.vg_name,
      isMissing: line.pv_missing !== "",
      groupSizeBytes: line.vg_size,
      groupFreeBytes: line.vg_free,
    }),
  );

/** What is in no group has no name of one. */
export const disks = defineProbe({
  id: "lvm.disks",
  question: asRoot("pvs", ...inBytes, "pv_name,vg_name,pv_missing,vg_size,vg_free"),
  freshMs: 5 * minutes,
  sees: "disks of the volume groups",
  parse: (output) =>
    parseJson(
      expectExit(output).stdout,
      z.object({ report: z.tuple([z.object({ pv: z.array(pv) })]) }),
    ).report[0].pv.filter(({ group }) => group !== ""),
});

export interface TimedVolume {
  readonly group: string;
  readonly name: string;
  /** RFC 3339. */
  readonly at: string;
  readonly origin?: string;
}

const timed = z.object({
  vg_name: z.string(),
  lv_name: z.string(),
  lv_attr: z.string(),
  origin: z.string(),
  lv_time: z.string(),
});

/** `2026-11-21 17:26:33 +0000`, as `lvs` writes a time. */
const toTime = (text: string) => new Date(text.replace(/^(\S+) (\S+) ([+-]\d\d)(\d\d)$/, "$1T$2$3:$4"));

/** When its volumes were made, without those that are of no use any more. */
export const snapshots = (group: string) =>
  defineProbe<readonly TimedVolume[]>({
    id: "lvm.snapshots",
    item: group,
    question: asRoot("lvs", ...inBytes, "vg_name,lv_name,lv_attr,origin,lv_time", "--", group),
    freshMs: snapshotsFreshMs,
    sees: `ages of the snapshots in ${group}`,
    parse: (output) =>
      parseJson(
        expectExit(output).stdout,
        z.object({ report: z.tuple([z.object({ lv: z.array(timed) })]) }),
      ).report[0].lv.flatMap(({ vg_name: group, lv_name: name, lv_attr, origin, lv_time }) => {
        const at = toTime(lv_time);
        const isFull = /^s/i.test(lv_attr) && (lv_attr[4] === "I" || lv_attr.startsWith("S"));
        if (Number.isNaN(at.getTime()) || isFull) return [];
        return [known({ group, name, at: at.toISOString(), origin: origin || undefined })];
      }),
  });
