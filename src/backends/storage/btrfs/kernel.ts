import { parseFiles } from "../../../command/answers.ts";
import { known } from "../../known.ts";
import { parseNumber } from "../../parse.ts";
import { defineProbe } from "../../probe.ts";

/** How often a device failed, since somebody last set the counters back. */
export interface ErrorCounts {
  readonly write: number;
  readonly read: number;
  readonly flush: number;
  readonly corruption: number;
  readonly generation: number;
}

/** What everybody may see of a pool, by UUID. */
export interface KernelPool {
  readonly uuid: string;
  /** The kernel's names of its devices, such as `sda1` or `dm-0`. */
  readonly members: readonly string[];
  readonly devices: readonly {
    readonly id: string;
    readonly isMissing: boolean;
    readonly errors?: ErrorCounts;
  }[];
}

const root = "/sys/fs/btrfs";

/** All pools of the machine, also those of other hosts where this one is a container. */
export const kernelPools = defineProbe({
  id: "btrfs.kernel",
  question: {
    files: [`${root}/*/devices/*`, `${root}/*/devinfo/*/missing`, `${root}/*/devinfo/*/error_stats`],
    lines: 5,
  },
  freshMs: 60_000,
  sees: "state of the btrfs devices",
  parse: ({ stdout }) => toKernelPools(parseFiles(stdout)),
});

function toKernelPools(files: ReadonlyMap<string, string>): KernelPool[] {
  const paths = [...files.keys()];
  const uuids = new Set(paths.flatMap((path) => /^\/sys\/fs\/btrfs\/([^/]+)\//.exec(path)?.[1] ?? []));
  return [...uuids].map((uuid) => {
    const devices = paths.flatMap((path) => {
      const id = path.startsWith(`${root}/${uuid}/devinfo/`) && /\/(\d+)\/missing$/.exec(path)?.[1];
      if (!id) return [];
      const stats = files.get(`${root}/${uuid}/devinfo/${id}/error_stats`);
      const isMissing = files.get(path)?.trim() === "1";
      return [known({ id, isMissing, errors: stats === undefined ? undefined : toErrorCounts(stats) })];
    });
    const members = paths.flatMap((path) => {
      const member = path.startsWith(`${root}/${uuid}/devices/`) && path.split("/").at(-1);
      return member ? [member] : [];
    });
    return { uuid, members, devices };
  });
}

/** `write_errs 0`, one on a line. */
function toErrorCounts(text: string): ErrorCounts | undefined {
  const count = (name: string) => parseNumber(new RegExp(`^${name}_errs (\\d+)$`, "m").exec(text)?.[1]) ?? 0;
  if (!/_errs \d/.test(text)) return undefined;
  const [write, read, flush, corruption, generation] = [
    "write",
    "read",
    "flush",
    "corruption",
    "generation",
  ].map(count);
  return { write, read, flush, corruption, generation } as ErrorCounts;
}
