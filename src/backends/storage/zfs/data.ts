import type { Data } from "../../../inventory/service.ts";
import type { RunStep, Step } from "../../../plan/plan.ts";
import { askHost, learn, type Planning } from "../../../plan/planning.ts";
import { isSnapshotName, parseSnapshotTag } from "../../../plan/snapshot-tag.ts";
import type { DataVerbs, Snapshot } from "../../data-verbs.ts";
import { known } from "../../known.ts";
import { parseLines, parseNumber } from "../../parse.ts";
import { isWhyNot, type Steps, type WhyNot } from "../../verbs.ts";
import { asRoot, dataStep } from "../data-steps.ts";
import { beside } from "./beside.ts";
import { type Dataset, datasetsIn, findDataset, isDataset } from "./dataset.ts";
import { swapSteps, whyNotPutBack } from "./put-back.ts";

/** Snapshots of datasets: `dataset@tag`, those of one pool at one moment. */
export const data: DataVerbs = {
  kind: "zfs",
  *recognise(folder, host) {
    const output = yield* askHost(host, asRoot("zfs", "list", "-H", "-o", "name,mountpoint", "--", folder));
    const [name = "", mountpoint] = output.stdout.replace(/\n$/, "").split("\t");
    return output.exitCode === 0 && mountpoint === folder ? { kind: "zfs", name } : undefined;
  },
  *snapshot(places, host, tag) {
    const datasets = yield* findAll(places, host);
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
    const datasets = yield* findAll(places, host);
    if (isWhyNot(datasets)) return datasets;
    const steps: Step[] = [];
    for (const [index, dataset] of datasets.entries()) {
      const why =
        (yield* whyNotPutBack(dataset, host)) ??
        (when === "now" ? yield* whyNotThere(dataset, host, tag) : undefined);
      if (why) return why;
      steps.push(...(yield* swapSteps(dataset, host, tag, aside, index + 1)));
    }
    return steps;
  },
  *destroySnapshots(places, host, tags, planned): Planning<Steps> {
    const datasets = yield* findAll(places, host);
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
    const datasets = yield* findAll(places, host);
    if (isWhyNot(datasets)) return datasets;
    const found: Snapshot[] = [];
    for (const dataset of datasets) found.push(...(yield* snapshotsOf(dataset, host)));
    return found.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  },
  *expose(place, host, tag, planned) {
    const dataset = yield* findDataset(place, host);
    if (isWhyNot(dataset)) return dataset;
    const why = planned ? undefined : yield* whyNotThere(dataset, host, tag);
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

function* findAll(places: readonly Data[], host: string): Planning<readonly Dataset[] | WhyNot> {
  const found: Dataset[] = [];
  for (const place of places) {
    const dataset = yield* findDataset(place, host);
    if (isWhyNot(dataset)) return dataset;
    found.push(dataset);
  }
  return found;
}

function takeSnapshots(datasets: readonly Dataset[], host: string, tag: string, number: number): RunStep {
  const names = datasets.map(({ name }) => `${name}@${tag}`);
  const about = parseSnapshotTag(tag);
  const properties = about
    ? ["-o", `scrap:service=${about.service}`, "-o", `scrap:operation=${about.operation}`]
    : [];
  return dataStep(
    `snapshot-${number}`,
    `Make a snapshot of ${datasets.map(({ name }) => name).join(" and ")}${names.length > 1 ? " at one moment" : ""}`,
    host,
    ["zfs", "snapshot", ...properties, ...names],
    {
      done: {
        kind: "command",
        title: names.length > 1 ? "all of them are there" : "it is there",
        host,
        command: asRoot("zfs", "list", "-H", "-t", "snapshot", "-o", "name", ...names),
        expect: { exitCode: 0 },
      },
    },
  );
}

const destroySnapshot = ({ name }: Dataset, host: string, tag: string, number: number): RunStep =>
  dataStep(
    `destroy-${number}`,
    `Destroy the snapshot ${tag} of ${name}`,
    host,
    ["zfs", "destroy", `${name}@${tag}`],
    {
      effect: "destroys",
      destroys: [`${host}:${name}@${tag}`],
      done: isDataset(`${name}@${tag}`, host, 1),
    },
  );

function* snapshotsOf({ place, name }: Dataset, host: string): Planning<readonly Snapshot[]> {
  const list = yield* learn(
    host,
    asRoot(
      ...(["zfs", "list", "-H", "-p", "-d", "1", "-t", "snapshot", "-o"] as const),
      "name,creation,used,userrefs,clones",
      "--",
      name,
    ),
  );
  return parseLines(list).flatMap((line): Snapshot[] => {
    const [full = "", creation, used, holds, clones = "-"] = line.split("\t");
    const tag = full.slice(name.length + 1);
    const createdAt = parseNumber(creation);
    if (!full.startsWith(`${name}@`) || !isSnapshotName(tag) || createdAt === undefined) return [];
    const isHeld = (parseNumber(holds) ?? 0) > 0 || !["-", ""].includes(clones);
    return [
      known({
        place,
        tag,
        createdAt: new Date(createdAt * 1000),
        usedBytes: parseNumber(used),
        isHeld: isHeld ? true : undefined,
      }),
    ];
  });
}

function* whyNotThere(dataset: Dataset, host: string, tag: string): Planning<WhyNot | undefined> {
  const there = yield* snapshotsOf(dataset, host);
  if (there.some((snapshot) => snapshot.tag === tag)) return undefined;
  return {
    whyNot: `${dataset.name} on ${host} has no snapshot ${tag}.`,
    hint: "scrap snapshots lists what there is.",
  };
}
