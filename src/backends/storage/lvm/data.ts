import type { Data } from "../../../inventory/service.ts";
import type { RunStep, Step } from "../../../plan/plan.ts";
import { askHost, learn, type Planning } from "../../../plan/planning.ts";
import { parseSnapshotTag } from "../../../plan/snapshot-tag.ts";
import type { DataVerbs, Snapshot } from "../../data-verbs.ts";
import { known } from "../../known.ts";
import { parseJson, parseNumber } from "../../parse.ts";
import { isWhyNot, type Steps, type WhyNot } from "../../verbs.ts";
import { sayBytes } from "../../words.ts";
import { asRoot, dataStep } from "../data-steps.ts";
import { swapSteps } from "./put-back.ts";
import {
  findVolume,
  freeIn,
  isActive,
  isNameTooLong,
  isVolume,
  listVolumes,
  report,
  type Volume,
} from "./volume.ts";

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
    const volumes = yield* findAll(places, host, tag);
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
    const volumes = yield* findAll(places, host, tag);
    if (isWhyNot(volumes)) return volumes;
    const steps: Step[] = [];
    for (const [index, volume] of volumes.entries()) {
      const why =
        (yield* whyNotPutBack(volume, host, aside)) ??
        (when === "now" ? yield* whyNotThere(volume, host, tag) : undefined);
      if (why) return why;
      steps.push(...swapSteps(volume, host, tag, aside, index + 1));
    }
    return steps;
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
    const found: Snapshot[] = [];
    for (const place of places) {
      const volume = yield* findVolume(place, host);
      if (isWhyNot(volume)) return volume;
      found.push(...(yield* snapshotsOf(place, host)));
    }
    return found.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  },
  *expose(place, host, tag, planned) {
    const volume = yield* findVolume(place, host);
    if (isWhyNot(volume)) return volume;
    const why = planned ? undefined : yield* whyNotThere(volume, host, tag);
    return why ?? showSteps(volume, host, tag);
  },
};

function* findAll(places: readonly Data[], host: string, tag: string): Planning<readonly Volume[] | WhyNot> {
  const found: Volume[] = [];
  for (const place of places) {
    const volume = yield* findVolume(place, host);
    if (isWhyNot(volume)) return volume;
    if (isNameTooLong(volume.group, `${volume.name}_${tag}`))
      return { whyNot: `${volume.name}_${tag} is too long for the name of a logical volume.` };
    found.push(volume);
  }
  return found;
}

const leastBytes = 32 * 1024 ** 2;

/** A fifth of the volume may be written anew; all of it where that is little. Undefined: there is no room. */
function roomFor({ sizeBytes }: Volume, freeBytes: number): number | undefined {
  const wanted = Math.max(leastBytes, Math.min(sizeBytes, Math.ceil(sizeBytes / 5)));
  const given = Math.min(wanted, freeBytes, sizeBytes);
  return given < Math.min(leastBytes, sizeBytes) / 2 ? undefined : given;
}

const takeSnapshot = (
  { group, name, place }: Volume,
  host: string,
  tag: string,
  number: number,
  sizeBytes: number | undefined,
): RunStep =>
  dataStep(
    `snapshot-${number}`,
    `Make a snapshot of ${place.name}`,
    host,
    [
      ...(["lvcreate", "-q", "-y", "-s", "-pr"] as const),
      ...(sizeBytes === undefined ? [] : ["-L", `${sizeBytes}b`]),
      ...["-n", `${name}_${tag}`, `${group}/${name}`],
    ],
    {
      done: {
        kind: "command",
        title: "it is there and good",
        host,
        command: asRoot("lvs", "--noheadings", "-o", "lv_attr", "--", `${group}/${name}_${tag}`),
        expect: { stdoutMatches: "^(s...[^I]|V)" },
      },
    },
  );

function destroySnapshot({ name }: Data, host: string, tag: string, number: number): RunStep {
  const [group = "", volume = ""] = name.split("/");
  return dataStep(
    `destroy-${number}`,
    `Destroy the snapshot ${tag} of ${name}`,
    host,
    ["lvremove", "-q", "-y", "--", `${name}_${tag}`],
    {
      effect: "destroys",
      destroys: [`${host}:${name}@${tag}`],
      done: isVolume(group, `${volume}_${tag}`, host, 5),
    },
  );
}

/** By their names: after one was put back, they hang on what was put aside. */
function* snapshotsOf(place: Data, host: string): Planning<readonly Snapshot[]> {
  const [group = "", name = ""] = place.name.split("/");
  const list = yield* learn(host, listVolumes(group));
  return parseJson(list, report).report[0].lv.flatMap((line): Snapshot[] => {
    const tag = line.lv_name.slice(name.length + 1);
    const isOurs = line.lv_name.startsWith(`${name}_`) && parseSnapshotTag(tag) !== undefined;
    if (!isOurs) return [];
    const isClassic = /^s/i.test(line.lv_attr);
    const percent = parseNumber(line.data_percent);
    const isFull = isClassic && (line.lv_attr[4] === "I" || line.lv_attr.startsWith("S"));
    return [
      known({
        place,
        tag,
        createdAt: new Date(line.lv_time.replace(/^(\S+) (\S+) ([+-]\d\d)(\d\d)$/, "$1T$2$3:$4")),
        // Of a thin one it is what the pool shares, too.
        usedBytes:
          isClassic && percent !== undefined ? Math.round((line.lv_size * percent) / 100) : undefined,
        invalid: isFull
          ? `it is full: more than ${sayBytes(line.lv_size)} of ${place.name} were written since`
          : undefined,
      }),
    ];
  });
}

function* whyNotThere({ place }: Volume, host: string, tag: string): Planning<WhyNot | undefined> {
  const there = (yield* snapshotsOf(place, host)).find((snapshot) => snapshot.tag === tag);
  if (there?.invalid !== undefined)
    return { whyNot: `The snapshot ${tag} of ${place.name} on ${host} is of no use: ${there.invalid}.` };
  return there
    ? undefined
    : {
        whyNot: `${place.name} on ${host} has no snapshot ${tag}.`,
        hint: "scrap snapshots lists what there is.",
      };
}

function* whyNotPutBack(volume: Volume, host: string, aside: string): Planning<WhyNot | undefined> {
  const { group, name, place, mount, isOpen, isThin, sizeBytes } = volume;
  if (mount?.target === "/")
    return { whyNot: `${host} runs from ${place.name}: it cannot be changed for another one.` };
  if (isOpen && !mount) return { whyNot: `${place.name} on ${host} is in use, and not mounted.` };
  if (isNameTooLong(group, `${name}_${aside}_copy`))
    return { whyNot: `${name}_${aside}_copy is too long for the name of a logical volume.` };
  if (isThin) return undefined;
  const free = yield* freeIn(group, host);
  return free >= sizeBytes
    ? undefined
    : {
        whyNot: `${group} on ${host} has only ${sayBytes(free)} free, and a copy of ${place.name} needs ${sayBytes(sizeBytes)}.`,
        hint: "lvconvert --merge needs none, and destroys what is there now.",
      };
}

function showSteps({ group, name, mount, isThin }: Volume, host: string, tag: string) {
  const snapshot = `${name}_${tag}`;
  const path = `/run/scrap/lvm-${group}-${snapshot}`;
  const isMounted = (exitCode: 0 | 1): Partial<RunStep> => ({
    done: {
      kind: "command",
      title: `${path} is ${exitCode === 0 ? "" : "not "}mounted`,
      host,
      command: asRoot("findmnt", "--mountpoint", path),
      expect: { exitCode },
    },
  });
  const options = mount?.type === "xfs" ? "ro,nouuid,norecovery" : "ro";
  const unmount = (id: string) =>
    dataStep(id, "Unmount it again", host, ["umount", path], { ...isMounted(1), optional: true });
  const sleep = (id: string) =>
    dataStep(id, "Put it to sleep again", host, ["lvchange", "-an", "--", `${group}/${snapshot}`], {
      done: isActive(group, snapshot, host, false),
      optional: true,
    });
  const wake = dataStep(
    "wake",
    "Wake the snapshot",
    host,
    ["lvchange", "-K", "-ay", "--", `${group}/${snapshot}`],
    { done: isActive(group, snapshot, host, true), undo: [sleep("undo-wake")] },
  );
  return {
    path,
    before: [
      ...(isThin ? [wake] : []),
      dataStep(
        "show",
        "Mount the snapshot, read-only",
        host,
        ["mount", "-o", `X-mount.mkdir=0700,${options}`, `/dev/${group}/${snapshot}`, path],
        { ...isMounted(0), undo: [unmount("undo-show")] },
      ),
    ],
    after: [unmount("hide"), ...(isThin ? [sleep("sleep")] : [])],
  };
}
