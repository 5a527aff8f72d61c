import type { Data } from "../../../inventory/service.ts";
import type { RunStep } from "../../../plan/plan.ts";
import { learn, type Planning } from "../../../plan/planning.ts";
import { parseSnapshotTag } from "../../../plan/snapshot-tag.ts";
import type { Snapshot } from "../../data-verbs.ts";
import { known } from "../../known.ts";
import { parseJson, parseNumber } from "../../parse.ts";
import { sayBytes } from "../../words.ts";
import { asRoot, dataStep } from "../data-steps.ts";
import { isNoVolume, listVolumes, report, type Volume } from "./volume.ts";

const leastBytes = 32 * 1024 ** 2;

/** A fifth of the volume may be written anew; all of it where that is little. Undefined: there is no room. */
export function roomFor({ sizeBytes }: Volume, freeBytes: number): number | undefined {
  const wanted = Math.max(leastBytes, Math.min(sizeBytes, Math.ceil(sizeBytes / 5)));
  const given = Math.min(wanted, freeBytes, sizeBytes);
  return given < Math.min(leastBytes, sizeBytes) / 2 ? undefined : given;
}

export const takeSnapshot = (
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

export function destroySnapshot({ name }: Data, host: string, tag: string, number: number): RunStep {
  const [group = "", volume = ""] = name.split("/");
  return dataStep(
    `destroy-${number}`,
    `Destroy the snapshot ${tag} of ${name}`,
    host,
    ["lvremove", "-q", "-y", "--", `${name}_${tag}`],
    {
      effect: "destroys",
      destroys: [`${host}:${name}@${tag}`],
      done: isNoVolume(group, `${volume}_${tag}`, host),
    },
  );
}

/** By their names: after one was put back, they hang on what was put aside. */
export function* snapshotsOf(place: Data, host: string): Planning<readonly Snapshot[]> {
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
