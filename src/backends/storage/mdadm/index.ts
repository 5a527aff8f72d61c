import type { Backend } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import type { Finding, Reference, ResourceOf } from "../../resource.ts";
import { findingsOf, isFaulty, progressOf } from "./findings.ts";
import { arrays, nodes, type RaidArray } from "./probes.ts";

/** Linux software RAID. */
export const mdadm: Backend = {
  id: "mdadm",
  kind: "storage",
  title: "Software RAID",
  looksFor: { programs: [], paths: ["/proc/mdstat"] },
  detect: ({ paths }) =>
    paths.has("/proc/mdstat") ? { present: true } : { present: false, why: "software RAID is not in use" },
  probes: ({ observations }) =>
    (lastFact(observations, arrays) ?? []).length > 0 ? [arrays, nodes] : [arrays],
  resources: ({ observations }) => {
    const seenAt = oldest([observations.of(arrays), observations.of(nodes)]);
    const own = lastFact(observations, nodes);
    if (!seenAt || !own) return [];
    return (lastFact(observations, arrays) ?? [])
      .filter((array) => own.includes(`/dev/${array.name}`) && isArray(array))
      .map((array) => toResource(array, seenAt, unseen(observations, [arrays, nodes])));
  },
};

/** Not the empty node that a stopped array leaves, nor the container of arrays that a BIOS made. */
const isArray = ({ state, metadata = "" }: RaidArray) =>
  state !== "clear" && !/^external:[^/]/.test(metadata);

function toResource(array: RaidArray, seenAt: Date, unknown: readonly Finding[]): ResourceOf<"array"> {
  const { name, state, level, sizeBytes, disksWanted, disksMissing = 0, members, above } = array;
  return {
    kind: "array",
    name,
    findings: [...findingsOf(array), ...unknown],
    seenAt,
    is: [`/dev/${name}`, ...above].map((path): Reference => `device:${path}`),
    uses: members.map((member): Reference => `device:/dev/${member.name}`),
    details: known({
      level: level ?? "unknown",
      state,
      sizeBytes,
      disksWanted,
      disksActive: disksWanted === undefined ? undefined : disksWanted - disksMissing,
      members: members.map((member) => ({
        device: `/dev/${member.name}`,
        state: isFaulty(member.state) ? "failed" : member.state.replaceAll("_", " "),
      })),
      progress: progressOf(array),
    }),
  };
}
