/** What people call a device that the status has by that path. */
export type DeviceNames = (path: string) => string;

/** `sda1`, or the name that a disk has for ever, without the partition that ZFS made on it. */
const shortName = (path: string): string =>
  path.replace(/^\/dev\/disk\/by-[^/]+\/(.+?)(?:-part\d+)?$/, "$1").replace(/^\/dev\//, "");

/** `vdb (virtio-LAB-TANK-B)`: the kernel's name, which all else goes by, before the one for ever. `real` has the paths of the kernel. */
export const namesBy =
  (real: ReadonlyMap<string, string>): DeviceNames =>
  (path) => {
    const name = shortName(path);
    const device = real.get(path);
    // Of a disk that is gone the kernel has no name.
    if (!path.startsWith("/dev/disk/") || device === undefined || device.startsWith("/dev/disk/"))
      return name;
    const isPartition = /-part\d+$/.test(path);
    const kernelName = shortName(device);
    return `${isPartition ? withoutPartition(kernelName) : kernelName} (${name})`;
  };

/** `vdb` of `vdb1`, `nvme0n1` of `nvme0n1p1`. */
const withoutPartition = (name: string) =>
  /\dp\d+$/.test(name) ? name.replace(/p\d+$/, "") : name.replace(/\d+$/, "");
