import type { Step } from "../../../plan/plan.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { DataVerbs } from "../../data-verbs.ts";
import { isWhyNot, type Steps } from "../../verbs.ts";
import { asRoot, dataStep } from "../data-steps.ts";
import { findEach, listEach, whyNotThere } from "../snapshots.ts";
import { beside } from "./beside.ts";
import { datasetsIn, findDataset, isDataset } from "./dataset.ts";
import { swapSteps, whyNotPutBack } from "./put-back.ts";
import { destroySnapshot, snapshotsOf, takeSnapshots } from "./snapshot.ts";

/** Snapshots of datasets: `dataset@tag`, those of one pool at one moment. */
export const data: DataVerbs = {
  kind: "zfs",
  *recognise(folder, host) {
    const output = yield* askHost(host, asRoot("zfs", "list", "-H", "-o", "name,mountpoint", "--", folder));
    const [name = "", mountpoint] = output.stdout.replace(/\n$/, "").split("\t");
    return output.exitCode === 0 && mountpoint === folder ? { kind: "zfs", name } : undefined;
  },
  *snapshot(places, host, tag) {
    const datasets = yield* findEach(places, (place) => findDataset(place, host));
    if (isWhyNot(datasets)) return datasets;
    const notes: string[] = [];
    for (const dataset of datasets) {
      const inside = yield* datasetsIn(dataset, host);
      const left = inside.filter((name) => !places.some((place) => place.name === name));
      if (left.length > 0)
        notes.push(
          `${dataset.name} on ${host}: datasets below it are not part of its snapshot: ${left.join(", ")}`,
        );
    }
    const pools = [...new Set(datasets.map(({ pool }) => pool))];
    const steps = pools.map((pool, index) =>
      takeSnapshots(
        datasets.filter((dataset) => dataset.pool === pool),
        host,
        tag,
        index + 1,
      ),
    );
    return { before: [], steps, after: [], isAtomic: pools.length === 1, notes };
  },
  *putBack(places, host, tag, aside, when = "now") {
    const datasets = yield* findEach(places, (place) => findDataset(place, host));
    if (isWhyNot(datasets)) return datasets;
    const steps: Step[] = [];
    for (const [index, dataset] of datasets.entries()) {
      const why =
        (yield* whyNotPutBack(dataset, host)) ??
        (when === "now"
          ? whyNotThere(dataset.name, host, tag, yield* snapshotsOf(dataset, host))
          : undefined);
      if (why) return why;
      steps.push(...(yield* swapSteps(dataset, host, tag, aside, index + 1)));
    }
    return steps;
  },
  *destroySnapshots(places, host, tags, planned): Planning<Steps> {
    const datasets = yield* findEach(places, (place) => findDataset(place, host));
    if (isWhyNot(datasets)) return datasets;
    const steps: Step[] = [];
    for (const dataset of datasets) {
      const there = planned ? [] : yield* snapshotsOf(dataset, host);
      const held = there.find(({ tag, isHeld }) => isHeld && tags.includes(tag));
      if (held)
        return {
          whyNot: `${dataset.name}@${held.tag} on ${host} is held, or has clones.`,
          hint: "zfs holds and zfs list -o clones tell by whom.",
        };
      const wanted = planned ? tags : tags.filter((tag) => there.some((snapshot) => snapshot.tag === tag));
      steps.push(...wanted.map((tag, n) => destroySnapshot(dataset, host, tag, steps.length + n + 1)));
    }
    return steps;
  },
  *listSnapshots(places, host) {
    return yield* listEach(
      places,
      (place) => findDataset(place, host),
      (dataset) => snapshotsOf(dataset, host),
    );
  },
  *tags(places, host) {
    const datasets = yield* findEach(places, (place) => findDataset(place, host));
    if (isWhyNot(datasets)) return datasets;
    const names = datasets.map(({ name }) => name);
    return { before: [], command: asRoot("sh", "-c", tagsScript, "scrap", ...names), after: [] };
  },
  *expose(place, host, tag, planned) {
    const dataset = yield* findDataset(place, host);
    if (isWhyNot(dataset)) return dataset;
    const why = planned ? undefined : whyNotThere(dataset.name, host, tag, yield* snapshotsOf(dataset, host));
    if (why) return why;
    const { isMounted, mountpoint } = dataset;
    if (isMounted && mountpoint.startsWith("/"))
      return { path: `${mountpoint}/.zfs/snapshot/${tag}`, before: [], after: [] };
    return {
      whyNot: `${place.name} on ${host} is not mounted by ZFS: its snapshots show no files.`,
      hint: `zfs mount ${place.name}`,
    };
  },
  beside,
  *allocate({ name }, host): Planning<Steps> {
    const there = yield* askHost(host, asRoot("zfs", "list", "-H", "-o", "name", "--", name));
    if (there.exitCode === 0) return [];
    return [
      // No way back: the only one destroys whatever came to be in it.
      dataStep("allocate", `Make the dataset ${name}`, host, ["zfs", "create", "--", name], {
        done: isDataset(name, host),
      }),
    ];
  },
};

/** A clone stands on it as much as a hold holds it. */
const tagsScript = `list=$(zfs list -H -d 1 -t snapshot -o userrefs,clones,name -- "$@") || exit; printf '%s\\n' "$list" | awk -F '\\t' '{ sub(/^[^@]*@/, "", $3); print $3 ($1 + 0 > 0 || ($2 != "-" && $2 != "") ? " held" : "") }'`;
