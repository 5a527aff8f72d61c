import { TimedOut } from "../../../errors.ts";
import type { Backend } from "../../contract.ts";
import { known, lastFact, oldest } from "../../known.ts";
import { keyOf, type Observations, type Probe } from "../../probe.ts";
import type { Finding, Reference, ResourceOf } from "../../resource.ts";
import { groupByFilesystem, isRemote, type Mount } from "../mounts.ts";
import { findingsOfMode, findingsOfSpace } from "./findings.ts";
import { localSpace, mounts, remoteSpace, type Spaces } from "./probes.ts";

type Group = readonly [Mount, ...Mount[]];

/** Everything that is mounted to keep data, whatever it is made of. */
export const filesystem: Backend = {
  id: "filesystem",
  kind: "storage",
  title: "File systems",
  looksFor: { programs: [], paths: ["/proc/self/mountinfo"] },
  detect: ({ paths }) =>
    paths.has("/proc/self/mountinfo") ? { present: true } : { present: false, why: "there is no /proc" },
  probes: ({ observations }) => {
    const [local, remote] = toGroups(observations);
    return [
      mounts,
      ...(local.length === 0 ? [] : [localProbe(local)]),
      ...remote.map(([{ mountpoint }]) => remoteSpace(mountpoint)),
    ];
  },
  resources: ({ observations }) => {
    const [local, remote] = toGroups(observations);
    return [
      ...local.map((group) => toFilesystem(group, observations, localProbe(local))),
      ...remote.map((group) => toFilesystem(group, observations, remoteSpace(group[0].mountpoint))),
    ];
  },
};

function toGroups(observations: Observations): readonly [local: readonly Group[], remote: readonly Group[]] {
  const groups = groupByFilesystem(lastFact(observations, mounts) ?? []);
  return [groups.filter(([mount]) => !isRemote(mount)), groups.filter(([mount]) => isRemote(mount))];
}

const localProbe = (groups: readonly Group[]) => localSpace(groups.map(([{ mountpoint }]) => mountpoint));

function toFilesystem(
  group: Group,
  observations: Observations,
  probe: Probe<Spaces>,
): ResourceOf<"filesystem"> {
  const [{ mountpoint, source, type, readOnly, mountedReadOnly }] = group;
  const answer = observations.of(probe);
  const answered = lastFact(observations, probe);
  const space = answered?.spaces.find((each) => each.mountpoint === mountpoint);
  const { mountpoint: _, ...sizes } = space ?? {};
  const findings: Finding[] = [...findingsOfMode(group), ...(space ? findingsOfSpace(space) : [])];
  const isSilent = answer.status === "failed" ? answer.error instanceof TimedOut : answered?.isSilent;
  if (isSilent && isRemote(group[0])) {
    const message = `${mountpoint} does not answer (${type} from ${source})`;
    findings.push({ severity: "failed", message, instead: keyOf(probe) });
  } else if (answer.status === "failed") {
    findings.push({ severity: "unknown", message: `${probe.sees}: ${answer.error.message}` });
  } else if (answered?.hidden.includes(mountpoint)) {
    findings.push({ severity: "unknown", message: `space of ${mountpoint} cannot be seen` });
  }
  return {
    kind: "filesystem",
    name: mountpoint,
    findings,
    seenAt: oldest([observations.of(mounts), answer]) ?? new Date(0),
    is: toNames(group),
    uses: toUses(group[0]),
    details: known({ mountpoint, source, type, readOnly: readOnly || mountedReadOnly, ...sizes }),
  };
}

const toNames = (group: Group): Reference[] =>
  group.flatMap(({ mountpoint, type, source }): Reference[] =>
    type === "zfs" ? [`mount:${mountpoint}`, `dataset:${source}`] : [`mount:${mountpoint}`],
  );

function toUses({ type, source }: Mount): Reference[] {
  if (type === "zfs") return [`zpool:${source.split("/", 1)[0]}`];
  if (!source.startsWith("/dev/")) return [];
  return type === "btrfs" ? [`btrfs:${source}`, `device:${source}`] : [`device:${source}`];
}
