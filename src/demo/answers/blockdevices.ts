import type { SimulatedHost } from "../state.ts";
import type { Disk, Part } from "../state-storage.ts";
import { complain, type FileEntry, isAsked, optionOf, type Surroundings, say, type Tool } from "./tool.ts";

/** `lsblk`, and the nodes in /dev. */
export const blockdevices: Tool = {
  isOn: () => true,
  programs: {
    "/usr/bin/lsblk": (args, { host }) => {
      if (isAsked(args, "--version")) return say("lsblk from util-linux 2.41.5\n");
      if (!args.includes("-J") || !args.includes("-b"))
        return complain(1, "lsblk: only -J -b is simulated\n");
      const columns = (optionOf(args, "-o") ?? "NAME").toLowerCase().split(",");
      const unknown = columns.find((column) => !(column in columnsOf(diskNode(host, { ...nothing }))));
      if (unknown !== undefined) return complain(1, `lsblk: unknown column: ${unknown.toUpperCase()}\n`);
      const pick = (node: Node): object => ({
        ...Object.fromEntries(columns.map((column) => [column, columnsOf(node)[column]])),
        ...(node.children.length === 0 ? {} : { children: node.children.map(pick) }),
      });
      const blockdevices = host.disks.map((disk) => pick(diskNode(host, disk)));
      return say(`${JSON.stringify({ blockdevices }, null, 3)}\n`);
    },
  },
  files: ({ host }: Surroundings): Iterable<FileEntry> =>
    host.disks
      .flatMap(({ name, parts }) => [name, ...parts.map((part) => part.name)])
      .map((name) => [`/dev/${name}`, () => ""]),
};

interface Node {
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly content?: string | undefined;
  readonly disk: Disk;
  readonly isWhole: boolean;
  readonly children: readonly Node[];
}

const nothing: Disk = { name: "", serial: "", sizeBytes: 0, bus: "sata", isRotational: false, parts: [] };

const diskNode = (host: SimulatedHost, disk: Disk): Node => ({
  name: disk.name,
  type: "disk",
  sizeBytes: disk.sizeBytes,
  disk,
  isWhole: true,
  children: disk.parts.map((part) => partNode(host, disk, part)),
});

function partNode(host: SimulatedHost, disk: Disk, { name, sizeBytes, content, array }: Part): Node {
  const on = host.arrays.find((each) => each.name === array);
  const above: readonly Node[] = on
    ? [
        {
          name: on.name,
          type: on.level,
          sizeBytes: on.sizeBytes,
          content: on.content,
          disk,
          isWhole: false,
          children: [],
        },
      ]
    : [];
  return { name, type: "part", sizeBytes, content, disk, isWhole: false, children: above };
}

function columnsOf({
  name,
  type,
  sizeBytes,
  content,
  disk,
  isWhole,
}: Node): Readonly<Record<string, unknown>> {
  const ofDisk = (value: string | undefined) => (isWhole && value !== undefined ? value : null);
  const bus = disk.bus === "mmc" ? null : disk.bus;
  return {
    name,
    kname: name,
    path: `/dev/${name}`,
    type,
    size: sizeBytes,
    fstype: content ?? null,
    model: ofDisk(disk.model),
    serial: ofDisk(disk.serial),
    wwn: ofDisk(disk.wwn),
    tran: type === "disk" || type === "part" ? bus : null,
    rota: disk.isRotational,
    state: ofDisk(
      disk.bus === "nvme" ? "live" : disk.bus === "sata" || disk.bus === "usb" ? "running" : undefined,
    ),
  };
}
