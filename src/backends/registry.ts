import { borg } from "./backup/borg/index.ts";
import { restic } from "./backup/restic/index.ts";
import { schedule } from "./backup/schedule/index.ts";
import type { Backend } from "./contract.ts";
import { host } from "./host/index.ts";
import { apcupsd } from "./power/apcupsd/index.ts";
import { nut } from "./power/nut/index.ts";
import { blockdevices } from "./storage/blockdevices/index.ts";
import { btrfs } from "./storage/btrfs/index.ts";
import { filesystem } from "./storage/filesystem/index.ts";
import { lvm } from "./storage/lvm/index.ts";
import { mdadm } from "./storage/mdadm/index.ts";
import { smart } from "./storage/smart/index.ts";
import { zfs } from "./storage/zfs/index.ts";
import { docker } from "./workload/docker/index.ts";
import { podman } from "./workload/podman/index.ts";
import { systemd } from "./workload/systemd/index.ts";

/** Every backend there is. To add one, write its folder and add its line. */
export const backends: readonly Backend[] = [
  host,
  systemd,
  podman,
  docker,
  filesystem,
  mdadm,
  btrfs,
  zfs,
  lvm,
  blockdevices,
  smart,
  nut,
  apcupsd,
  restic,
  borg,
  schedule,
];
