import type { Zpool } from "../state-storage.ts";
import { complain, type FileEntry, isAsked, lines, optionOf, say, type Tool } from "./tool.ts";
import { statusJson } from "./zfs-json.ts";
import { statusText } from "./zfs-text.ts";

const number = "2.3.9-0+deb13u1";

/** `zpool` and `zfs` of OpenZFS 2.3, which speaks JSON. */
export const zfs: Tool = {
  isOn: ({ zpools }) => zpools.length > 0,
  programs: {
    "/usr/sbin/zpool": (args, surroundings) => {
      const { host } = surroundings;
      if (isAsked(args, "version")) return say(`zfs-${number}\nzfs-kmod-${number}\n`);
      if (isAsked(args, "status", "-P", "-p", "-j"))
        return say(`${JSON.stringify(statusJson(surroundings))}\n`);
      if (isAsked(args, "status", "-L", "-P", "-p")) return say(statusText(surroundings));
      if (isAsked(args, "list", "-H", "-p", "-o", "*")) return table(args, host.zpools.map(poolColumns));
      return complain(2, `unrecognized command '${args[0]}'\n`);
    },
    "/usr/sbin/zfs": (args, { host }) =>
      isAsked(args, "list", "-H", "-p", "-t", "*", "-o", "*")
        ? table(
            args,
            host.zpools.flatMap((pool) => datasetColumns(pool)),
          )
        : complain(2, `unrecognized command '${args[0]}'\n`),
  },
  files: (): Iterable<FileEntry> => [["/dev/zfs", () => ""]],
};

function table(args: readonly string[], rows: readonly Readonly<Record<string, string | number>>[]) {
  const columns = optionOf(args, "-o")?.split(",") ?? [];
  const unknown = columns.find((column) => rows.some((row) => !(column in row)));
  if (unknown !== undefined) return complain(2, `bad property list: invalid property '${unknown}'\n`);
  return say(lines(rows.map((row) => columns.map((column) => row[column]).join("\t"))));
}

const poolColumns = ({ name, sizeBytes, allocatedBytes }: Zpool) => ({
  name,
  size: sizeBytes,
  allocated: allocatedBytes,
});

const datasetColumns = ({ name, sizeBytes, allocatedBytes, datasets }: Zpool) => {
  const available = Math.floor(sizeBytes * 0.97) - allocatedBytes;
  const row = (dataset: string, used: number) => ({
    name: dataset,
    used,
    available,
    mountpoint: `/${dataset}`,
    mounted: "yes",
  });
  return [row(name, allocatedBytes), ...datasets.map((each) => row(`${name}/${each.name}`, each.usedBytes))];
};
