import type { Data } from "../../../inventory/service.ts";
import type { Step } from "../../../plan/plan.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { DataVerbs } from "../../data-verbs.ts";
import { isWhyNot, type Steps, type WhyNot } from "../../verbs.ts";
import { sayBytes } from "../../words.ts";
import { asRoot } from "../data-steps.ts";
import { findEach, listEach, whyNotThere } from "../snapshots.ts";
import { swapSteps, whyNoRoom, whyNotPutBack } from "./put-back.ts";
import { showSteps } from "./show.ts";
import { destroySnapshot, roomFor, snapshotsOf, takeSnapshot } from "./snapshot.ts";
import { findVolume, freeIn, isNameTooLong, type Volume } from "./volume.ts";

/** Snapshots of logical volumes: `group/volume_tag`, each at a moment of its own. */
export const data: DataVerbs = {
  kind: "lvm",
  *recognise(folder, host) {
    const mount = yield* askHost(host, asRoot("findmnt", "-n", "-o", "SOURCE", "--mountpoint", folder));
    const source = mount.stdout.trim();
    if (mount.exitCode !== 0 || !source.startsWith("/dev/mapper/")) return undefined;
    const volume = yield* askHost(
      host,
      asRoot("lvs", "--noheadings", "--separator", "/", "-o", "vg_name,lv_name", "--", source),
    );
    const name = volume.stdout.trim();
    return volume.exitCode === 0 && /^[^/\s]+\/[^/\s]+$/.test(name) ? { kind: "lvm", name } : undefined;
  },
  *snapshot(places, host, tag) {
    const volumes = yield* findEach(places, (place) => findNamed(place, host, tag));
    if (isWhyNot(volumes)) return volumes;
    const steps: Step[] = [];
    const notes: string[] = [];
    const free = new Map<string, number>();
    for (const [index, volume] of volumes.entries()) {
      const { group, place, isThin } = volume;
      const left = free.get(group) ?? (isThin ? 0 : yield* freeIn(group, host));
      const sizeBytes = isThin ? undefined : roomFor(volume, left);
      if (!isThin && sizeBytes === undefined)
        return {
          whyNot: `${group} on ${host} has only ${sayBytes(left)} free: too little for a snapshot of ${place.name}.`,
          hint: "A classic snapshot keeps a copy of each block that is written after it, in free room of its group.",
        };
      if (sizeBytes !== undefined) {
        free.set(group, left - sizeBytes);
        if (sizeBytes < volume.sizeBytes)
          notes.push(
            `The snapshot of ${place.name} on ${host} is of no use any more once ${sayBytes(sizeBytes)} of the volume were written anew, and slows it down until it is destroyed.`,
          );
      }
      steps.push(takeSnapshot(volume, host, tag, index + 1, sizeBytes));
    }
    return { before: [], steps, after: [], isAtomic: volumes.length === 1, notes };
  },
  *putBack(places, host, tag, aside, when = "now") {
    const volumes = yield* findEach(places, (place) => findNamed(place, host, tag));
    if (isWhyNot(volumes)) return volumes;
    const steps: Step[] = [];
    for (const [index, volume] of volumes.entries()) {
      const why =
        whyNotPutBack(volume, host, aside) ??
        (when === "now"
          ? whyNotThere(volume.place.name, host, tag, yield* snapshotsOf(volume.place, host))
          : undefined);
      if (why) return why;
      steps.push(...swapSteps(volume, host, tag, aside, index + 1));
    }
    return (yield* whyNoRoom(volumes, host, when)) ?? steps;
  },
  *destroySnapshots(places, host, tags, planned): Planning<Steps> {
    const steps: Step[] = [];
    for (const place of places) {
      const there = planned ? [] : yield* snapshotsOf(place, host);
      const wanted = planned ? tags : tags.filter((tag) => there.some((snapshot) => snapshot.tag === tag));
      steps.push(...wanted.map((tag, n) => destroySnapshot(place, host, tag, steps.length + n + 1)));
    }
    return steps;
  },
  *listSnapshots(places, host) {
    return yield* listEach(
      places,
      (place) => findVolume(place, host),
      ({ place }) => snapshotsOf(place, host),
    );
  },
  *tags(places, host) {
    const volumes = yield* findEach(places, (place) => findVolume(place, host));
    if (isWhyNot(volumes)) return volumes;
    const names = places.map(({ name }) => name);
    return { before: [], command: asRoot("sh", "-c", tagsScript, "scrap", ...names), after: [] };
  },
  *expose(place, host, tag, planned) {
    const volume = yield* findVolume(place, host);
    if (isWhyNot(volume)) return volume;
    const why = planned ? undefined : whyNotThere(place.name, host, tag, yield* snapshotsOf(place, host));
    return why ?? showSteps(volume, host, tag);
  },
};

/** Of which a snapshot can be named. */
function* findNamed(place: Data, host: string, tag: string): Planning<Volume | WhyNot> {
  const volume = yield* findVolume(place, host);
  return !isWhyNot(volume) && isNameTooLong(volume.group, `${volume.name}_${tag}`)
    ? { whyNot: `${volume.name}_${tag} is too long for the name of a logical volume.` }
    : volume;
}

/** By their names. One that is full is of no use any more. */
const tagsScript = `for volume; do list=$(lvs --noheadings -o lv_attr,lv_name -- "\${volume%%/*}") || exit; printf '%s\\n' "$list" | while read -r attr name; do case $name in "\${volume#*/}_scrap-"*) flag=; case $attr in S*|s???I*) flag=' invalid' ;; esac; echo "\${name#"\${volume#*/}_"}$flag" ;; esac; done; done`;
