import type { SimulatedHost } from "./state.ts";

/**
 * What a script of ours leads to, which does something around one command: undefined for any other. Known by what it does, as
 * its text is nobody's business but that of who says it.
 */
export function commandOf(
  text: string,
  args: readonly string[],
  host: SimulatedHost,
): readonly string[] | undefined {
  // Sees a snapshot in the place of the live data.
  if (text.includes('mount --bind "$1" "$2"') && text.endsWith('exec "$@"')) {
    const [from = ""] = args;
    const rest = args.slice(args.indexOf("--") + 1);
    return isSnapshot(from, host) ? rest : ["mount", "--bind", from];
  }
  // Copies, and forgets the copy where it is not whole.
  const [, address = "", ...rest] = args;
  if (text.includes('restic backup "$@" && exit')) return ["restic", "-r", address, "backup", ...rest];
  // Asks for a repository to itself.
  if (text.includes('restic -r "$1" unlock; restic -r "$@"')) return ["restic", "-r", ...args];
  return undefined;
}

/** `/tank/documents/.zfs/snapshot/TAG` */
function isSnapshot(path: string, { zpools }: SimulatedHost): boolean {
  const [, dataset, tag] = /^\/(.+)\/\.zfs\/snapshot\/([^/]+)$/.exec(path) ?? [];
  return zpools.some(({ snapshots }) => snapshots.some(({ name }) => name === `${dataset}@${tag}`));
}
