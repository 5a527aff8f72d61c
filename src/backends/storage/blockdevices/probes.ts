import * as z from "zod";
import { parseFiles, parseLook } from "../../../command/answers.ts";
import { command } from "../../../command/command.ts";
import { expectExit, parseJson, unreadable } from "../../parse.ts";
import { defineProbe, type Probe } from "../../probe.ts";

export const version = defineProbe({
  id: "blockdevices.version",
  question: command("lsblk", "--version"),
  freshMs: 24 * 3_600_000,
  sees: "version of lsblk",
  parse: (output) => {
    const number = /(\d+\.\d+\S*)\s*$/m.exec(expectExit(output).stdout)?.[1];
    if (number === undefined) throw unreadable("Not a version", output.stdout);
    return number;
  },
});

/** A node of lsblk's forest. What stands on several others comes once under each. */
export interface BlockDevice {
  readonly path: string;
  /** The kernel's name, which is not that of the path for device-mapper. */
  readonly kernelName: string;
  readonly name: string;
  /** disk, part, loop, rom, crypt, lvm, raid1, mpath … */
  readonly type: string;
  readonly sizeBytes?: number | undefined;
  readonly content?: string | undefined;
  readonly model?: string | undefined;
  readonly serial?: string | undefined;
  readonly wwn?: string | undefined;
  readonly bus?: string | undefined;
  readonly rotational?: boolean | undefined;
  /** running, live, offline, transport-offline, blocked … */
  readonly state?: string | undefined;
  readonly children: readonly BlockDevice[];
}

// Before 2.33 everything came as a string.
const word = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || undefined);
const flag = z
  .union([z.boolean(), z.literal(["0", "1"])])
  .nullish()
  .transform((value) => (value == null ? undefined : value === true || value === "1"));
const size = z
  .union([z.number(), z.string().regex(/^\d+$/)])
  .nullish()
  .transform((value) => (value == null ? undefined : Number(value)));

const device: z.ZodType<BlockDevice> = z
  .object({
    name: z.string(),
    kname: z.string(),
    path: z.string(),
    type: z.string(),
    size,
    fstype: word,
    model: word,
    serial: word,
    wwn: word,
    tran: word,
    rota: flag,
    state: word,
    get children() {
      return z.array(device).default([]);
    },
  })
  .transform(({ kname, size: sizeBytes, fstype, tran, rota, ...rest }) => ({
    ...rest,
    kernelName: kname,
    sizeBytes,
    content: fstype,
    bus: tran,
    rotational: rota,
  }));

const columns = "NAME,KNAME,PATH,TYPE,SIZE,FSTYPE,MODEL,SERIAL,WWN,TRAN,ROTA,STATE";

export const devices = defineProbe({
  id: "blockdevices.devices",
  question: command("lsblk", "-J", "-b", "-o", columns),
  freshMs: 300_000,
  sees: "disks",
  parse: (output) =>
    parseJson(expectExit(output).stdout, z.object({ blockdevices: z.array(device) })).blockdevices,
});

/** What the kernel tells of loop devices. */
export interface Loops {
  /** Kernel names of all that a pool or an array consists of. */
  readonly members: readonly string[];
  /** By kernel name. */
  readonly files: Readonly<Record<string, string>>;
}

export const loops = defineProbe<Loops>({
  id: "blockdevices.loops",
  question: {
    files: ["/sys/fs/btrfs/*/devices/*", "/sys/block/md*/slaves/*", "/sys/block/loop*/loop/backing_file"],
    lines: 1,
  },
  freshMs: 300_000,
  sees: "loop devices",
  parse: ({ stdout }) => {
    const files = [...parseFiles(stdout)];
    const backing = files.flatMap(([path, file]) => {
      const loop = /^\/sys\/block\/(loop\d+)\/loop\/backing_file$/.exec(path)?.[1];
      return loop ? [[loop, file.trim()] as const] : [];
    });
    return {
      members: files.flatMap(([path]) => /\/(?:devices|slaves)\/([^/]+)$/.exec(path)?.[1] ?? []),
      files: Object.fromEntries(backing),
    };
  },
});

/** Which of these are there? A container sees all disks of the machine in /sys; its own are those in its /dev. */
export const nodes = (paths: readonly string[]): Probe<readonly string[]> =>
  defineProbe({
    id: "blockdevices.nodes",
    question: { programs: [], paths },
    freshMs: 300_000,
    sees: "which disks are this host's own",
    parse: ({ stdout }) => [...parseLook(stdout).paths],
  });
