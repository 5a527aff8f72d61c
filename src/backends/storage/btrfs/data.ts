import type { Data } from "../../../inventory/service.ts";
import type { Check, RunStep, Step } from "../../../plan/plan.ts";
import { askHost, learn, type Planning } from "../../../plan/planning.ts";
import { isSnapshotName } from "../../../plan/snapshot-tag.ts";
import type { DataVerbs, Snapshot } from "../../data-verbs.ts";
import { isWhyNot, type Steps, type WhyNot } from "../../verbs.ts";
import { asRoot, dataStep, isGone, isThere, renameStep } from "../data-steps.ts";
import { beside } from "./beside.ts";
import { findSubvolume, remounted, type Subvolume } from "./subvolume.ts";

/** Snapshots of subvolumes: `<parent>/.scrap/<name>/<tag>`, each at a moment of its own. */
export const data: DataVerbs = {
  kind: "btrfs",
  *recognise(folder, host) {
    const subvolume = yield* findSubvolume({ kind: "btrfs", name: folder }, host, 0);
    return isWhyNot(subvolume) ? undefined : subvolume.place;
  },
  *snapshot(places, host, tag) {
    const subvolumes = yield* findAll(places, host);
    if (isWhyNot(subvolumes)) return subvolumes;
    const notes: string[] = [];
    for (const subvolume of subvolumes) {
      const inside = yield* subvolumesIn(subvolume, host);
      if (inside.length > 0)
        notes.push(
          `${subvolume.path} on ${host}: subvolumes inside it are not part of its snapshot: ${inside.join(", ")}`,
        );
    }
    return {
      before: subvolumes.flatMap((subvolume, index) => [
        ...subvolume.open,
        makeFolder(subvolume, host, index + 1),
      ]),
      steps: subvolumes.map((subvolume, index) => takeSnapshot(subvolume, host, tag, index + 1)),
      after: subvolumes.flatMap(({ close }) => close),
      isAtomic: places.length === 1,
      notes,
    };
  },
  *putBack(places, host, tag, aside, when = "now") {
    const subvolumes = yield* findAll(places, host);
    if (isWhyNot(subvolumes)) return subvolumes;
    const steps: Step[] = [];
    for (const [index, subvolume] of subvolumes.entries()) {
      const why =
        (yield* whyNotPutBack(subvolume, host)) ??
        (when === "now" ? yield* whyNotThere(subvolume, host, tag) : undefined);
      if (why) return why;
      const swap = swapSteps(subvolume, host, tag, aside, index + 1);
      steps.push(...subvolume.open, ...remounted(subvolume, host, index + 1, swap), ...subvolume.close);
    }
    return steps;
  },
  *destroySnapshots(places, host, tags, planned) {
    const subvolumes = yield* findAll(places, host);
    if (isWhyNot(subvolumes)) return subvolumes;
    const steps: Step[] = [];
    for (const [index, subvolume] of subvolumes.entries()) {
      const there = planned ? [] : yield* snapshotsOf(subvolume, host);
      const wanted = planned ? tags : tags.filter((tag) => there.some((snapshot) => snapshot.tag === tag));
      if (wanted.length === 0) continue;
      const destroy = wanted.map((tag, n) =>
        destroySnapshot(subvolume, host, tag, `destroy-${index + 1}-${n + 1}`),
      );
      steps.push(...subvolume.open, ...destroy, ...subvolume.close);
    }
    return steps;
  },
  *listSnapshots(places, host) {
    const subvolumes = yield* findAll(places, host);
    if (isWhyNot(subvolumes)) return subvolumes;
    const found: Snapshot[] = [];
    for (const subvolume of subvolumes) found.push(...(yield* snapshotsOf(subvolume, host)));
    return found.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  },
  *expose(place, host, tag, planned) {
    const subvolume = yield* findSubvolume(place, host, 1);
    if (isWhyNot(subvolume)) return subvolume;
    const why = planned ? undefined : yield* whyNotThere(subvolume, host, tag);
    return why ?? { path: `${subvolume.snapshots}/${tag}`, before: subvolume.open, after: subvolume.close };
  },
  beside,
  *allocate({ name }, host): Planning<Steps> {
    const there = yield* askHost(host, asRoot("test", "-e", name));
    if (there.exitCode === 0) {
      const subvolume = yield* findSubvolume({ kind: "btrfs", name }, host, 1);
      return isWhyNot(subvolume) ? subvolume : [];
    }
    return [
      dataStep("allocate", `Make the subvolume ${name}`, host, ["btrfs", "subvolume", "create", "--", name], {
        done: isSubvolume(name, host),
        // Only while nothing is in it.
        undo: [
          dataStep("undo-allocate", `Take the empty ${name} away`, host, ["rmdir", "--", name], {
            done: isGone(name, host),
            // Where something is in it, it stays: no reason to leave the rest of the way unwalked.
            optional: true,
          }),
        ],
      }),
    ];
  },
};

function* findAll(places: readonly Data[], host: string): Planning<readonly Subvolume[] | WhyNot> {
  const found: Subvolume[] = [];
  for (const [index, place] of places.entries()) {
    const subvolume = yield* findSubvolume(place, host, index + 1);
    if (isWhyNot(subvolume)) return subvolume;
    found.push(subvolume);
  }
  return found;
}

const isSubvolume = (path: string, host: string): Check => ({
  kind: "command",
  title: `${path} is a subvolume`,
  host,
  command: asRoot("btrfs", "subvolume", "show", "--", path),
  expect: { exitCode: 0 },
});

/** For root alone: what nobody may read any more is in old snapshots still readable. */
const makeFolder = ({ snapshots }: Subvolume, host: string, number: number): RunStep =>
  dataStep(`folder-${number}`, `Make the folder of the snapshots`, host, [
    ...(["install", "-d", "-m", "0700", "--"] as const),
    snapshots.slice(0, snapshots.lastIndexOf("/")),
    snapshots,
  ]);

const takeSnapshot = (
  { path, entry, snapshots }: Subvolume,
  host: string,
  tag: string,
  number: number,
): RunStep =>
  dataStep(
    `snapshot-${number}`,
    `Make a snapshot of ${path}`,
    host,
    ["btrfs", "subvolume", "snapshot", "-r", "--", entry, `${snapshots}/${tag}`],
    {
      done: {
        kind: "command",
        title: `${snapshots}/${tag} is a read-only snapshot`,
        host,
        command: asRoot("btrfs", "property", "get", "-ts", `${snapshots}/${tag}`, "ro"),
        expect: { stdout: "ro=true" },
      },
    },
  );

/** Two commands: between them there is nothing under that name. Whichever was the last, the next one is known. */
function swapSteps(
  { path, entry, snapshots }: Subvolume,
  host: string,
  tag: string,
  aside: string,
  number: number,
): readonly RunStep[] {
  const kept = `${entry}_${aside}`;
  return [
    renameStep(`aside-${number}`, `Put ${path} aside as ${kept}`, host, entry, kept, {
      // Once a copy has taken its place the name is taken again.
      done: isThere(kept, host),
      undo: [renameStep(`undo-aside-${number}`, `Put ${path} back where it was`, host, kept, entry)],
    }),
    dataStep(
      `copy-${number}`,
      `Put the snapshot in the place of ${path}`,
      host,
      ["btrfs", "subvolume", "snapshot", "--", `${snapshots}/${tag}`, entry],
      {
        // Otherwise it would come to be inside.
        needs: [isGone(entry, host)],
        done: isSubvolume(entry, host),
        undo: [
          renameStep(
            `undo-copy-${number}`,
            `Put what was brought back aside as ${kept}_undone`,
            host,
            entry,
            `${kept}_undone`,
          ),
        ],
      },
    ),
  ];
}

const destroySnapshot = ({ path, snapshots }: Subvolume, host: string, tag: string, id: string): RunStep =>
  dataStep(
    id,
    `Destroy the snapshot ${tag} of ${path}`,
    host,
    ["btrfs", "subvolume", "delete", "-c", "--", `${snapshots}/${tag}`],
    { effect: "destroys", destroys: [`${host}:${path}@${tag}`], done: isGone(`${snapshots}/${tag}`, host) },
  );

/** Names from the top of the file system on. Those of ours are left out. */
function* subvolumesIn({ path, name }: Subvolume, host: string): Planning<readonly string[]> {
  const list = yield* learn(host, asRoot("btrfs", "subvolume", "list", "-o", "--", path));
  return [...list.matchAll(/ path (.*)$/gm)]
    .map(([, found = ""]) => found)
    .filter((found) => !found.slice(name.length).replace(/^\//, "").startsWith(".scrap/"));
}

function* snapshotsOf({ place, path, name }: Subvolume, host: string): Planning<readonly Snapshot[]> {
  const list = yield* learn(host, asRoot("btrfs", "subvolume", "list", "-a", "-s", "--", path));
  const at = name.lastIndexOf("/") + 1;
  const folder = name === "" ? ".scrap/.whole/" : `${name.slice(0, at)}.scrap/${name.slice(at)}/`;
  return [...list.matchAll(/ otime (\S+) (\S+) path (?:<FS_TREE>\/)?(.*)$/gm)].flatMap(
    ([, day, time, found = ""]): Snapshot[] => {
      const tag = found.slice(folder.length);
      if (!found.startsWith(folder) || !isSnapshotName(tag)) return [];
      return [{ place, tag, createdAt: new Date(`${day}T${time}Z`) }];
    },
  );
}

function* whyNotThere(subvolume: Subvolume, host: string, tag: string): Planning<WhyNot | undefined> {
  const there = yield* snapshotsOf(subvolume, host);
  if (there.some((snapshot) => snapshot.tag === tag)) return undefined;
  return {
    whyNot: `${subvolume.path} on ${host} has no snapshot ${tag}.`,
    hint: "scrap snapshots lists what there is.",
  };
}

function* whyNotPutBack(subvolume: Subvolume, host: string): Planning<WhyNot | undefined> {
  const { path, name, mount } = subvolume;
  if (name === "")
    return {
      whyNot: `${path} on ${host} is all of its file system: nothing can take its place.`,
      hint: "Data in a subvolume of its own can be put back. Of this one, files can be copied out of the snapshot.",
    };
  const inside = yield* subvolumesIn(subvolume, host);
  if (inside.length > 0)
    return {
      whyNot: `${path} on ${host} has subvolumes inside it, which its snapshots do not contain: ${inside.join(", ")}`,
      hint: "Move them out of it first.",
    };
  if (mount) {
    const fstab = yield* askHost(host, asRoot("findmnt", "-s", "-n", "-o", "OPTIONS", "--mountpoint", path));
    if (path === "/" || /\bsubvolid=/.test(fstab.stdout))
      return {
        whyNot:
          path === "/"
            ? `${host} runs from /: it cannot be changed for another one.`
            : `/etc/fstab on ${host} mounts ${path} by its subvolid, which a copy does not have.`,
        ...(path === "/" ? {} : { hint: `Write subvol=/${name} there instead.` }),
      };
  }
  return undefined;
}
