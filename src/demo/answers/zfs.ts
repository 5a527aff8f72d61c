import type { Zpool } from "../state-storage.ts";
import { complain, type FileEntry, isAsked, say, type Tool } from "./tool.ts";
import { mountPrograms } from "./zfs-changes.ts";
import { table, zfsProgram } from "./zfs-datasets.ts";
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
    "/usr/sbin/zfs": zfsProgram,
    ...mountPrograms,
  },
  files: (): Iterable<FileEntry> => [["/dev/zfs", () => ""]],
};

const poolColumns = ({ name, sizeBytes, allocatedBytes }: Zpool) => ({
  name,
  size: sizeBytes,
  allocated: allocatedBytes,
});
