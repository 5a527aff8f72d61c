/** What a device is called: by the kernel, as all else calls it, and by its label, which it has for ever. */
export interface DeviceName {
  readonly name: string;
  /** Where it is another than the name. */
  readonly label?: string;
}

/** By the path that the status has. */
export type DeviceNames = (path: string) => DeviceName;

/** `sda1`, or the label of a disk without the partition that ZFS made on it. */
const shortName = (path: string): string =>
  path.replace(/^\/dev\/disk\/by-[^/]+\/(.+?)(?:-part\d+)?$/, "$1").replace(/^\/dev\//, "");

/** `real` has the paths of the kernel. */
export const namesBy =
  (real: ReadonlyMap<string, string>): DeviceNames =>
  (path) => {
    const label = shortName(path);
    const device = real.get(path);
    // Of a disk that is gone the kernel has no name.
    if (!path.startsWith("/dev/disk/") || device === undefined || device.startsWith("/dev/disk/"))
      return { name: label };
    const name = shortName(device);
    return { name: /-part\d+$/.test(path) ? withoutPartition(name) : name, label };
  };

/** `vdb` of `vdb1`, `nvme0n1` of `nvme0n1p1`. */
const withoutPartition = (name: string) =>
  /\dp\d+$/.test(name) ? name.replace(/p\d+$/, "") : name.replace(/\d+$/, "");

/** `vdb (virtio-LAB-TANK-B)`. */
export const inFull = ({ name, label }: DeviceName): string =>
  label === undefined ? name : `${name} (${label})`;

/** ` (vdb is virtio-LAB-TANK-B)`, for the end of a sentence: what is wrong stands before. */
export function sayLabels(devices: readonly DeviceName[]): string {
  const labelled = devices.flatMap(({ name, label }) => (label === undefined ? [] : `${name} is ${label}`));
  return labelled.length === 0 ? "" : ` (${labelled.join(", ")})`;
}
