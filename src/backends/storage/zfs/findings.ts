import type { Finding } from "../../resource.ts";
import { sayCount, sayDuration, sayRatio } from "../../words.ts";
import { type DeviceNames, sayLabels } from "./device-names.ts";
import { allVdevs, devicesOf, groupsOf, type Pool, type Scan, type Vdev } from "./pool.ts";
import type { Capacity } from "./probes.ts";

/** Past this ZFS gets slow; at the end it can no longer even delete. */
const warnedRatio = 0.9;
const failedRatio = 0.95;

const isWell = ({ state }: Vdev) => ["ONLINE", "AVAIL", "INUSE"].includes(state);

/** A disk with a spare in its place, or one that is being replaced, is a group that has lost but one. */
const isServing = (vdev: Vdev) => isWell(vdev) || (vdev.children.length > 0 && vdev.state === "DEGRADED");

/** Worst first. ONLINE is not healthy: a disk that gives wrong data shows in its counters alone. */
export function findingsOf(pool: Pool, capacity: Capacity | undefined, nameOf: DeviceNames): Finding[] {
  const errors = allVdevs(pool)
    .flatMap(devicesOf)
    .flatMap((device) => findingsOfErrors(pool.name, device, nameOf));
  const state = pool.state === "ONLINE" ? findingsOfResilver(pool) : [findingOfState(pool, nameOf)];
  const data: Finding[] =
    pool.dataErrors === 0
      ? []
      : [
          {
            severity: "failed",
            message: `${pool.name} has ${sayCount(pool.dataErrors, "data error")}: files are damaged`,
          },
        ];
  const explained = [...state, ...data, ...errors];
  const fault: Finding[] =
    pool.fault && explained.length === 0
      ? [{ severity: "warning", message: `${pool.name}: ${pool.fault}` }]
      : [];
  return [...explained, ...fault, ...findingsOfCapacity(pool.name, capacity)];
}

/** A disk that came back has missed something until this is done. */
const findingsOfResilver = ({ name, scan }: Pool): Finding[] =>
  scan?.isRunning && scan.doing === "resilver"
    ? [{ severity: "warning", message: `${name} is ${sayProgress(scan)}` }]
    : [];

const stateWords: Readonly<Record<string, string>> = {
  UNAVAIL: "gone",
  REMOVED: "removed",
  FAULTED: "faulted",
  OFFLINE: "offline",
  DEGRADED: "failing",
};

function findingOfState(pool: Pool, nameOf: DeviceNames): Finding {
  const { name, state, scan } = pool;
  const vdevs = allVdevs(pool);
  const bad = vdevs.flatMap(devicesOf).filter((device) => !isWell(device));
  const devices = bad.map(
    (device) => `${nameOf(device.name).name} is ${stateWords[device.state] ?? device.state}`,
  );
  const groups = vdevs.flatMap(groupsOf);
  const thin = groups
    .filter((group) => /^(?:mirror|raidz|draid)/.test(group.name) && !group.children.every(isServing))
    .map((group) => {
      const left = group.children.filter(isServing).length;
      return `${group.name} runs on ${left} of ${sayCount(group.children.length, "disk")}`;
    });
  const spared = groups.some((group) => group.name.startsWith("spare")) ? ["a spare stands in"] : [];
  const labels = sayLabels(bad.map((device) => nameOf(device.name)));
  const isSpared = spared.length > 0 && thin.length === 0;
  const isMending = scan?.isRunning && scan.doing === "resilver";
  const parts = [...devices, ...thin, ...spared, ...(scan?.isRunning ? [sayProgress(scan)] : [])];
  return {
    severity: state === "DEGRADED" && (isMending || isSpared) ? "warning" : "failed",
    message: `${name} is ${state.toLowerCase()}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}${labels}`,
  };
}

function sayProgress({ doing, doneRatio, leftMs }: Scan): string {
  const done = doneRatio === undefined ? "" : `, ${sayRatio(doneRatio)} done`;
  const left = leftMs === undefined ? "" : `, ${sayDuration(leftMs)} left`;
  return `${doing === "scrub" ? "scrubbing" : "resilvering"}${done}${left}`;
}

function findingsOfErrors(pool: string, { name, errors }: Vdev, nameOf: DeviceNames): Finding[] {
  const counted = (["read", "write", "checksum"] as const)
    .filter((kind) => errors[kind] > 0)
    .map((kind) => sayCount(errors[kind], `${kind} error`));
  if (counted.length === 0) return [];
  const device = nameOf(name);
  const message = `${device.name} in ${pool} had ${counted.join(", ")}${sayLabels([device])}`;
  return [{ severity: "warning", message }];
}

function findingsOfCapacity(name: string, capacity: Capacity | undefined): Finding[] {
  const { sizeBytes = 0, allocatedBytes = 0 } = capacity ?? {};
  const ratio = sizeBytes === 0 ? 0 : allocatedBytes / sizeBytes;
  if (ratio < warnedRatio) return [];
  return [
    { severity: ratio < failedRatio ? "warning" : "failed", message: `${name} is ${sayRatio(ratio)} full` },
  ];
}
