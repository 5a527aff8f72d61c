import * as z from "zod";
import type { Output } from "../../../command/command.ts";
import { CommandFailed } from "../../../errors.ts";
import { known } from "../../known.ts";
import { failureOf, parseJson, parseNumber } from "../../parse.ts";
import type { Answer } from "../../probe.ts";

/** What one disk says of itself. */
export interface Health {
  /** It sleeps, and was not woken: it says nothing now. */
  readonly isAsleep?: true;
  /** What it said before it fell asleep, or could not be read. */
  readonly last?: Answer<Health>;
  /** Why some of the rest is missing, though it has SMART. */
  readonly unread?: string;
  /** Virtual disks and some enclosures have no SMART: nothing is wrong with them. */
  readonly isSupported: boolean;
  readonly model?: string;
  readonly serial?: string;
  readonly sizeBytes?: number;
  /** 0 for a disk without a motor. */
  readonly rotationRate?: number;
  readonly passed?: boolean;
  readonly temperatureCelsius?: number;
  readonly powerOnHours?: number;
  readonly wearRatio?: number;
  /** Sectors or blocks, and errors, by what became of them. */
  readonly reallocated?: number;
  readonly pending?: number;
  readonly uncorrectable?: number;
  readonly reportedUncorrectable?: number;
  readonly mediaErrors?: number;
  /** What an NVMe disk warns of, in its own words. */
  readonly warnings: readonly string[];
  /** Attributes that are below what the maker promised, now. */
  readonly failingAttributes: readonly string[];
}

const answer = z.object({
  smartctl: z
    .object({ messages: z.array(z.object({ string: z.string() })) })
    .partial()
    .optional(),
  device: z.object({ protocol: z.string() }).partial().optional(),
  model_name: z.string().optional(),
  scsi_model_name: z.string().optional(),
  serial_number: z.string().optional(),
  user_capacity: z.object({ bytes: z.coerce.number() }).partial().optional(),
  rotation_rate: z.number().optional(),
  smart_support: z.object({ available: z.boolean(), enabled: z.boolean().optional() }).optional(),
  smart_status: z
    .object({ passed: z.boolean(), nvme: z.record(z.string(), z.union([z.boolean(), z.number()])) })
    .partial()
    .optional(),
  temperature: z.object({ current: z.number() }).partial().optional(),
  power_on_time: z.object({ hours: z.number() }).partial().optional(),
  endurance_used: z.object({ current_percent: z.number() }).partial().optional(),
  scsi_percentage_used_endurance_indicator: z.number().optional(),
  scsi_grown_defect_list: z.number().optional(),
  nvme_smart_health_information_log: z
    .object({ percentage_used: z.number(), media_errors: z.coerce.number() })
    .partial()
    .optional(),
  ata_smart_attributes: z
    .object({
      table: z.array(
        z.object({
          id: z.number(),
          name: z.string(),
          when_failed: z.string().default(""),
          raw: z.object({ string: z.string() }),
        }),
      ),
    })
    .optional(),
});

/** Source of the codes: smartctl(8). */
const unknownDevice = 1;
const notOpened = 2;
const someFailed = 4;

/** Any other bit of the exit code comes with an answer: 4 where a disk lacks one of many commands, 8 where it fails. */
export function parseHealth(output: Output): Health {
  if (output.exitCode === notOpened || output.stdout === "") throw new CommandFailed(failureOf(output));
  const told = parseJson(output.stdout, answer);
  const log = told.nvme_smart_health_information_log;
  const attributes = told.ata_smart_attributes?.table ?? [];
  // Some makers pack other numbers into the upper half of a raw value: the text has the count in front.
  const raw = (id: number) =>
    parseNumber(/^\d+/.exec(attributes.find((attribute) => attribute.id === id)?.raw.string ?? "")?.[0]);
  const wearPercent =
    log?.percentage_used ??
    told.endurance_used?.current_percent ??
    told.scsi_percentage_used_endurance_indicator;
  return known({
    isSupported: output.exitCode !== unknownDevice && isSupported(told),
    unread: (output.exitCode & someFailed) === 0 ? undefined : whyUnread(told),
    model: told.model_name ?? told.scsi_model_name,
    serial: told.serial_number,
    sizeBytes: told.user_capacity?.bytes,
    rotationRate: told.rotation_rate,
    passed: told.smart_status?.passed,
    temperatureCelsius: told.temperature?.current,
    powerOnHours: told.power_on_time?.hours,
    wearRatio: wearPercent === undefined ? undefined : wearPercent / 100,
    reallocated: raw(5) ?? told.scsi_grown_defect_list,
    reportedUncorrectable: raw(187),
    pending: raw(197),
    uncorrectable: raw(198),
    mediaErrors: log?.media_errors,
    warnings: Object.entries(told.smart_status?.nvme ?? {}).flatMap(([name, value]) =>
      value === true ? [name.replaceAll("_", " ")] : [],
    ),
    failingAttributes: attributes
      .filter(({ when_failed }) => when_failed === "now")
      .map(({ name }) => name.replaceAll("_", " ")),
  });
}

type Told = z.infer<typeof answer>;

/** Before 7.3 it does not say so itself. */
const isSupported = (told: Told): boolean =>
  told.smart_support?.available ??
  (told.smart_status?.passed !== undefined ||
    told.ata_smart_attributes !== undefined ||
    told.nvme_smart_health_information_log !== undefined);

/** A disk that lacks one of the rarer commands has not kept anything from us. */
function whyUnread(told: Told): string | undefined {
  const isWhole =
    told.smart_status?.passed !== undefined &&
    (told.device?.protocol !== "ATA" || told.ata_smart_attributes !== undefined) &&
    (told.device?.protocol !== "NVMe" || told.nvme_smart_health_information_log !== undefined);
  if (isWhole) return undefined;
  if (told.smart_support?.enabled === false) return "it is switched off";
  return told.smartctl?.messages?.[0]?.string ?? "a command to the disk failed";
}
