import type { Repository } from "../../../inventory/inventory.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import { asRoot } from "../../storage/data-steps.ts";
import type { WhyNot } from "../../verbs.ts";

/** A repository on a disk that lies in a drawer. */
export type ColdRepository = Extract<Repository, { readonly tool: "cold" }>;

/** The file system of a disk that is plugged in, and that nobody uses. */
export interface Disk {
  readonly path: string;
  readonly uuid: string;
  /** What the kernel calls it: `ext4`. */
  readonly type: string;
  readonly serial?: string;
}

/** Looks for the disk by its label, and says what a person has to do where it is not as it should be. */
export function* findDisk(repository: ColdRepository): Planning<Disk | WhyNot> {
  const { label, host, uuid, serial } = repository;
  const said = yield* askHost(host, blkid("-t", `LABEL=${label}`));
  if (said.exitCode === 127) return { whyNot: `${host} has no blkid, which finds disks by their label.` };
  const labelled = parseBlkid(said.stdout);
  const [only, ...others] = labelled.filter((disk) => uuid === undefined || disk.uuid === uuid);
  if (!only && labelled.length > 0)
    return {
      whyNot: `The disk labelled ${label} at ${host} is another one: its UUID is ${labelled[0]?.uuid}, and not ${uuid}.`,
    };
  if (!only)
    return {
      whyNot: `The disk labelled ${label} is not there.`,
      hint: `Plug in the disk labelled ${label} at ${host}.`,
      isMissing: true,
    };
  if (others.length > 0)
    return {
      whyNot: `There are ${others.length + 1} disks labelled ${label} at ${host}.`,
      hint: "Unplug the other one, or write the uuid of the right one in the inventory.",
    };
  const found = only.type === "crypto_LUKS" ? yield* openedFrom(only, repository) : only;
  if ("whyNot" in found) return found;
  const mounted = yield* askHost(host, asRoot("findmnt", "-rn", "-o", "TARGET", "-S", found.path));
  const elsewhere = mounted.stdout.split("\n").filter((at) => at !== "" && at !== mountPointOf(repository));
  if (elsewhere.length > 0)
    return {
      whyNot: `The disk labelled ${label} is mounted at ${elsewhere.join(" and ")} on ${host}: somebody uses it.`,
      hint: `umount ${elsewhere.join(" ")}`,
    };
  const lsblk = yield* askHost(host, asRoot("lsblk", "-snr", "-o", "SERIAL", found.path));
  const serials = lsblk.stdout.split("\n").map((line) => line.trim());
  if (serial !== undefined && !serials.includes(serial))
    return {
      whyNot: `The disk labelled ${label} at ${host} is another one: its serial number is not ${serial}.`,
    };
  const seen = serials.find((each) => each !== "");
  return { ...found, ...(seen === undefined ? {} : { serial: seen }) };
}

/** Where it is mounted for a while: nobody else looks there. */
export const mountPointOf = ({ name }: ColdRepository): string => `/run/scrap/cold-${name}`;

/** From the disks themselves: what is remembered of them may be long gone. */
const blkid = (...args: readonly string[]) => asRoot("blkid", "-c", "/dev/null", ...args, "-o", "export");

function* openedFrom(locked: Disk, { label, host }: ColdRepository): Planning<Disk | WhyNot> {
  const { stdout } = yield* askHost(host, asRoot("lsblk", "-nrp", "-o", "PATH,TYPE", locked.path));
  const inside = /^(\S+) crypt$/m.exec(stdout)?.[1];
  if (inside === undefined)
    return {
      whyNot: `The disk labelled ${label} at ${host} is locked.`,
      hint: `Open it there: cryptsetup open ${locked.path} ${label}`,
    };
  const [opened] = parseBlkid((yield* askHost(host, blkid(inside))).stdout);
  return opened ?? { whyNot: `In the disk labelled ${label} at ${host} there is no file system.` };
}

function parseBlkid(stdout: string): readonly Disk[] {
  return stdout.split(/\n\s*\n/).flatMap((group): Disk[] => {
    const field = (name: string) => new RegExp(`^${name}=(.+)$`, "m").exec(group)?.[1];
    const [path, uuid, type] = ["DEVNAME", "UUID", "TYPE"].map(field);
    return path && type && uuid && /^[\w-]+$/.test(uuid) ? [{ path, uuid, type }] : [];
  });
}
