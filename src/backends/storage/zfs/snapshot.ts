import type { RunStep } from "../../../plan/plan.ts";
import { learn, type Planning } from "../../../plan/planning.ts";
import { isSnapshotName, parseSnapshotTag } from "../../../plan/snapshot-tag.ts";
import type { Snapshot } from "../../data-verbs.ts";
import { known } from "../../known.ts";
import { parseLines, parseNumber } from "../../parse.ts";
import { asRoot, dataStep } from "../data-steps.ts";
import { type Dataset, isNoDataset } from "./dataset.ts";

export function takeSnapshots(
  datasets: readonly Dataset[],
  host: string,
  tag: string,
  number: number,
): RunStep {
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

export const destroySnapshot = ({ name }: Dataset, host: string, tag: string, number: number): RunStep =>
  dataStep(
    `destroy-${number}`,
    `Destroy the snapshot ${tag} of ${name}`,
    host,
    ["zfs", "destroy", `${name}@${tag}`],
    {
      effect: "destroys",
      destroys: [`${host}:${name}@${tag}`],
      done: isNoDataset(`${name}@${tag}`, host),
    },
  );

export function* snapshotsOf({ place, name }: Dataset, host: string): Planning<readonly Snapshot[]> {
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
