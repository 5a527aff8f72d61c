import type { Finding, Progress } from "../../resource.ts";
import { sayCount, sayDuration, sayRatio } from "../../words.ts";
import type { RaidArray } from "./probes.ts";

const doing: Readonly<Record<string, string>> = {
  resync: "resyncing",
  recover: "rebuilding",
  check: "checking",
  repair: "repairing",
  reshape: "reshaping",
};

/** What is going on in an array. A ratio of 0 while the kernel has it wait for another array. */
export function progressOf(array: RaidArray): Progress | undefined {
  const verb = doing[array.action ?? ""];
  if (verb === undefined) return undefined;
  const { doneSectors = 0, totalSectors = 0, kibibytesPerSecond = 0 } = array;
  const ratio = totalSectors === 0 ? 0 : doneSectors / totalSectors;
  if (kibibytesPerSecond === 0 || totalSectors === 0) return { doing: verb, ratio };
  const leftMs = Math.round(((totalSectors - doneSectors) / 2 / kibibytesPerSecond) * 1000);
  return { doing: verb, ratio, leftMs };
}

export const isFaulty = (state: string): boolean => state.split(",").includes("faulty");

/** Worst first. A scheduled check is no finding. */
export function findingsOf(array: RaidArray): Finding[] {
  const { name, state, disksWanted, disksMissing = 0, members, action } = array;
  const progress = progressOf(array);
  const going = progress ? `, ${sayProgress(progress)}` : "";
  const faulty = members.filter((member) => isFaulty(member.state)).map((member) => member.name);
  const failed = faulty.length === 0 ? "" : `, ${faulty.join(" and ")} failed`;
  if (state === "inactive") return [{ severity: "failed", message: `${name} is not running` }];
  if (state === "broken")
    return [{ severity: "failed", message: `${name} has lost too many disks${failed}` }];
  if (disksMissing > 0 && disksWanted !== undefined) {
    const runs = `${name} runs on ${disksWanted - disksMissing} of ${sayCount(disksWanted, "disk")}`;
    // Somebody has already given it a disk.
    return [{ severity: action === "recover" ? "warning" : "failed", message: `${runs}${failed}${going}` }];
  }
  if (faulty.length > 0)
    return [{ severity: "warning", message: `${name}: ${faulty.join(" and ")} failed and was replaced` }];
  if (progress && action !== "check")
    return [{ severity: "warning", message: `${name} is ${sayProgress(progress)}` }];
  return [];
}

const sayProgress = ({ doing: verb, ratio, leftMs }: Progress) =>
  `${verb}, ${sayRatio(ratio)} done${leftMs === undefined ? "" : `, ${sayDuration(leftMs)} left`}`;
