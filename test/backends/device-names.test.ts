import { expect, it } from "vitest";
import { inFull, namesBy, sayLabels } from "../../src/backends/storage/zfs/device-names.ts";

const byId = "/dev/disk/by-id";

it.each([
  ["a whole disk", `${byId}/ata-WDC-41-part1`, "/dev/sdb1", "sdb (ata-WDC-41)"],
  ["a whole NVMe disk", `${byId}/nvme-980-part1`, "/dev/nvme0n1p1", "nvme0n1 (nvme-980)"],
  ["a device without partitions", `${byId}/dm-name-tank1`, "/dev/dm-1", "dm-1 (dm-name-tank1)"],
  ["a disk that is gone", `${byId}/ata-WDC-41-part1`, `${byId}/ata-WDC-41-part1`, "ata-WDC-41"],
  ["a disk that is named by the kernel already", "/dev/sdb1", "/dev/sdb1", "sdb1"],
])("names %s as the kernel and its label do", (_what, path, real, name) => {
  expect(inFull(namesBy(new Map([[path, real]]))(path))).toBe(name);
});

it("keeps to the name of the label while the kernel's is not known", () => {
  const device = namesBy(new Map())(`${byId}/ata-WDC-41-part1`);
  expect(device).toEqual({ name: "ata-WDC-41" });
  expect(sayLabels([device])).toBe("");
});
