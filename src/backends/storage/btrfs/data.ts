import type { Step } from "../../../plan/plan.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { DataVerbs } from "../../data-verbs.ts";
import { isWhyNot, type Steps } from "../../verbs.ts";
import { asRoot, dataStep, isGone } from "../data-steps.ts";
import { findEach, listEach, whyNotThere } from "../snapshots.ts";
import { beside } from "./beside.ts";
import { swapSteps, whyNotPutBack } from "./put-back.ts";
import { destroySnapshot, makeFolder, snapshotsOf, takeSnapshot } from "./snapshot.ts";
import { findSubvolume, isSubvolume, remounted, subvolumesIn } from "./subvolume.ts";

/** Snapshots of subvolumes: `<parent>/.scrap/<name>/<tag>`, each at a moment of its own. */
export const data: DataVerbs = {
  kind: "btrfs",
  *recognise(folder, host) {
    const subvolume = yield* findSubvolume({ kind: "btrfs", name: folder }, host, 0);
    return isWhyNot(subvolume) ? undefined : subvolume.place;
  },
  *snapshot(places, host, tag) {
    const subvolumes = yield* findEach(places, (place, number) => findSubvolume(place, host, number));
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
    const subvolumes = yield* findEach(places, (place, number) => findSubvolume(place, host, number));
    if (isWhyNot(subvolumes)) return subvolumes;
    const steps: Step[] = [];
    for (const [index, subvolume] of subvolumes.entries()) {
      const why =
        (yield* whyNotPutBack(subvolume, host)) ??
        (when === "now"
          ? whyNotThere(subvolume.path, host, tag, yield* snapshotsOf(subvolume, host))
          : undefined);
      if (why) return why;
      const swap = swapSteps(subvolume, host, tag, aside, index + 1);
      steps.push(...subvolume.open, ...remounted(subvolume, host, index + 1, swap), ...subvolume.close);
    }
    return steps;
  },
  *destroySnapshots(places, host, tags, planned) {
    const subvolumes = yield* findEach(places, (place, number) => findSubvolume(place, host, number));
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
    return yield* listEach(
      places,
      (place, number) => findSubvolume(place, host, number),
      (subvolume) => snapshotsOf(subvolume, host),
    );
  },
  *tags(places, host) {
    const subvolumes = yield* findEach(places, (place, number) => findSubvolume(place, host, number));
    if (isWhyNot(subvolumes)) return subvolumes;
    return {
      before: subvolumes.flatMap(({ open }) => open),
      command: asRoot("sh", "-c", tagsScript, "scrap", ...subvolumes.map(({ snapshots }) => snapshots)),
      after: subvolumes.flatMap(({ close }) => close),
    };
  },
  *expose(place, host, tag, planned) {
    const subvolume = yield* findSubvolume(place, host, 1);
    if (isWhyNot(subvolume)) return subvolume;
    const why = planned
      ? undefined
      : whyNotThere(subvolume.path, host, tag, yield* snapshotsOf(subvolume, host));
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

const tagsScript = `for folder; do for one in "$folder"/scrap-*; do [ ! -d "$one" ] || echo "\${one##*/}"; done; done`;
