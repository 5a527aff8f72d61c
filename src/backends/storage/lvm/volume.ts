import * as z from "zod";
import type { Data } from "../../../inventory/service.ts";
import type { Check } from "../../../plan/plan.ts";
import { askHosts, learn, type Planning } from "../../../plan/planning.ts";
import { failureOf, parseJson } from "../../parse.ts";
import type { WhyNot } from "../../verbs.ts";
import { asRoot } from "../data-steps.ts";

/** A line of `lvs`. */
const volumeFields = z.object({
  lv_name: z.string(),
  vg_name: z.string(),
  lv_attr: z.string(),
  lv_size: z.coerce.number(),
  pool_lv: z.string(),
  origin: z.string(),
  data_percent: z.string(),
  lv_time: z.string(),
});

export const report = z.object({
  report: z.tuple([z.object({ lv: z.array(volumeFields) })]),
});

const columns = Object.keys(volumeFields.shape).join(",");

export const listVolumes = (...which: readonly string[]) =>
  asRoot(
    ...(["lvs", "--reportformat", "json", "--units", "b", "--nosuffix", "-o"] as const),
    columns,
    "--",
    ...which,
  );

/** A declared logical volume as it is now. */
export interface Volume {
  readonly place: Data;
  readonly group: string;
  readonly name: string;
  readonly device: string;
  readonly sizeBytes: number;
  /** Its snapshots share a pool with it, cost nothing, and are volumes like it. */
  readonly isThin: boolean;
  readonly isOpen: boolean;
  readonly mount?: { readonly target: string; readonly type: string; readonly options: string };
}

const mounts = z.object({
  filesystems: z.array(z.object({ target: z.string(), fstype: z.string(), options: z.string() })),
});

export function* findVolume(place: Data, host: string): Planning<Volume | WhyNot> {
  const [group = "", name = ""] = place.name.split("/");
  const device = `/dev/${group}/${name}`;
  const [listed, mounted] = yield* askHosts([
    { host, command: listVolumes(place.name) },
    { host, command: asRoot("findmnt", "-J", "-o", "TARGET,FSTYPE,OPTIONS", "--source", device) },
  ]);
  if (!listed || !mounted) throw new TypeError("Two questions have two answers.");
  if (listed.exitCode !== 0)
    return { whyNot: `${place.name} on ${host} is no logical volume: ${failureOf(listed)}` };
  const [line] = parseJson(listed.stdout, report).report[0].lv;
  if (!line) return { whyNot: `${place.name} on ${host} is no logical volume.` };
  const found = mounted.exitCode === 0 ? parseJson(mounted.stdout, mounts).filesystems : [];
  const [mount, another] = found;
  if (another)
    return {
      whyNot: `${place.name} on ${host} is mounted at ${found.map(({ target }) => target).join(" and ")}.`,
    };
  return {
    place,
    group,
    name,
    device,
    sizeBytes: line.lv_size,
    isThin: line.lv_attr.startsWith("V"),
    isOpen: line.lv_attr[5] === "o",
    ...(mount ? { mount: { target: mount.target, type: mount.fstype, options: mount.options } } : {}),
  };
}

export const isVolume = (group: string, name: string, host: string): Check => ({
  kind: "command",
  title: `${group}/${name} is there`,
  host,
  command: asRoot("lvs", "--", `${group}/${name}`),
  expect: { exitCode: 0 },
});

/** By what its group has: with exit 5 `lvs` says no to whatever it cannot do, such as reading a group that is locked. */
export const isNoVolume = (group: string, name: string, host: string): Check => ({
  kind: "command",
  title: `${group}/${name} is not there`,
  host,
  command: asRoot("lvs", "--noheadings", "-o", "lv_name", "-S", `lv_name="${name}"`, "--", group),
  expect: { stdout: "" },
});

/** `active`, or nothing. */
export const isActive = (group: string, name: string, host: string, active: boolean): Check => ({
  kind: "command",
  title: `${group}/${name} is ${active ? "" : "not "}active`,
  host,
  command: asRoot("lvs", "--noheadings", "-o", "lv_active", "--", `${group}/${name}`),
  expect: { stdout: active ? "active" : "" },
});

/** Left asleep when its group is woken, such as at boot. */
export const isSkipped = (group: string, name: string, host: string, skipped: boolean): Check => ({
  kind: "command",
  title: `${group}/${name} is ${skipped ? "left asleep" : "woken"} at boot`,
  host,
  command: asRoot("lvs", "--noheadings", "-o", "lv_attr", "--", `${group}/${name}`),
  expect: { stdoutMatches: `^.{9}${skipped ? "k" : "-"}` },
});

export const freeIn = function* (group: string, host: string): Planning<number> {
  const free = yield* learn(
    host,
    asRoot("vgs", "--noheadings", "--units", "b", "--nosuffix", "-o", "vg_free", "--", group),
  );
  return Number(free);
};

/** The kernel's name of it has every `-` twice, and at most 127 letters. */
export const isNameTooLong = (group: string, name: string): boolean =>
  `${group}-${name}`.length + `${group}${name}`.split("-").length - 1 > 127;
