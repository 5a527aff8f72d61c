import type { Output } from "../../../command/command.ts";
import { toTagWord } from "../../../plan/snapshot-tag.ts";
import { failureOf, parseLines, parseNumber } from "../../parse.ts";
import type { ReceivedBackup, ReceivingRepository } from "../../send-verbs.ts";
import type { WhyNot } from "../../verbs.ts";
import { parseLabel, toCopyId } from "../sent-label.ts";

/** What is asked of each snapshot below the repository, the oldest first. */
export const columns = "name,guid,logicalreferenced,scrap:label";

interface Copy {
  readonly at: string;
  readonly dataset: string;
  readonly tag: string;
  readonly identity: string;
  readonly bytes: number | undefined;
}

export function parseReceived(
  output: Output,
  repository: ReceivingRepository,
): readonly ReceivedBackup[] | WhyNot {
  const { name, place, host } = repository;
  if (/dataset does not exist/.test(output.stderr))
    return {
      whyNot: `There is no dataset ${place} on ${host}, where the repository ${name} should be.`,
      hint: "With --init a backup makes it first.",
      isMissing: true,
    };
  if (output.exitCode !== 0)
    return { whyNot: `${host} does not show the repository ${name} (${place}): it ${failureOf(output)}` };
  const labels = new Map<string, string>();
  const copies: Copy[] = [];
  for (const line of parseLines(output.stdout)) {
    const [at = "", identity = "", bytes, ...label] = line.split("\t");
    const [dataset = "", tag = ""] = at.split("@");
    copies.push({ at, dataset, tag, identity, bytes: parseNumber(bytes) });
    labels.set(at, label.join("\t"));
  }
  const newest = new Map(copies.map(({ dataset, at }) => [dataset, at]));
  return copies
    .flatMap(({ at, dataset, tag }): ReceivedBackup[] => {
      const label = parseLabel(labels.get(at) ?? "");
      const words = label && [label.host, label.service].map(toTagWord).join(".");
      // Of another snapshot than its own it tells nothing; and it is told once, by that of the first place.
      if (!label || label.tag !== tag || !dataset.startsWith(`${place}/${words}.1.`)) return [];
      const { tag: _, at: madeAt, ...rest } = label;
      const all = rest.places.map((_, index) =>
        copies.find((copy) => copy.tag === tag && copy.dataset.startsWith(`${place}/${words}.${index + 1}.`)),
      );
      const whole = all.filter((copy) => copy !== undefined);
      if (whole.length !== all.length) return [];
      const sizes = whole.map(({ bytes }) => bytes);
      return [
        {
          ...rest,
          id: toCopyId(repository, label),
          at: new Date(madeAt),
          tag,
          ...(sizes.includes(undefined)
            ? {}
            : { sizeBytes: sizes.reduce<number>((sum, size = 0) => sum + size, 0) }),
          copies: whole.map((copy) => ({
            identity: copy.identity,
            at: copy.at,
            isBase: newest.get(copy.dataset) === copy.at,
          })),
        },
      ];
    })
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
}
