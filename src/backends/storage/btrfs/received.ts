import type { Output } from "../../../command/command.ts";
import { toTagWord } from "../../../plan/snapshot-tag.ts";
import { failureOf } from "../../parse.ts";
import type { ReceivedBackup, ReceivingRepository } from "../../send-verbs.ts";
import type { WhyNot } from "../../verbs.ts";
import { parseLabel, toCopyId } from "../sent-label.ts";

/**
 * Of each folder with a label in folder $1: `label PATH`, the label, and for each copy `copy NUMBER BYTES RECEIVED-UUID`.
 * What can be written to is none: it has lost what it was.
 */
export const listScript = `d=$1
[ -e "$d" ] || { echo missing; exit; }
[ "$(stat -f -c %T -- "$d")" = btrfs ] || { echo other; exit; }
echo here
for l in "$d"/*/*/*/label.json; do
  [ -f "$l" ] || continue
  b=\${l%/label.json} t=\${l%/label.json}; t=\${t##*/}
  printf 'label %s\\n%s\\n' "$b" "$(head -c 65536 -- "$l" | tr -d '\\n')"
  for p in "$b"/*/; do
    n=\${p%/}; s=$p$t; [ -e "$s" ] || continue
    [ "$(btrfs property get -ts "$s" ro)" = ro=true ] || continue
    u=$(btrfs subvolume show -- "$s" | sed -n 's/^[[:space:]]*Received UUID:[[:space:]]*//p')
    echo "copy \${n##*/} $(cat "\${p}bytes" || echo -) $u"
  done
done 2>/dev/null
exit 0`;

export function parseReceived(
  output: Output,
  repository: ReceivingRepository,
): readonly ReceivedBackup[] | WhyNot {
  const { name, place, host } = repository;
  const [state, ...lines] = output.stdout.split("\n");
  if (output.exitCode !== 0)
    return { whyNot: `${host} does not show the repository ${name} (${place}): it ${failureOf(output)}` };
  if (state === "missing")
    return {
      whyNot: `There is no folder ${place} on ${host}, where the repository ${name} should be.`,
      hint: "With --init a backup makes it first.",
      isMissing: true,
    };
  if (state !== "here")
    return {
      whyNot: `${place} on ${host}, where the repository ${name} should be, is not on btrfs.`,
      hint: "Subvolumes can be sent to btrfs only; restic and borg copy to anything.",
    };
  const starts = lines.flatMap((line, index) => (line.startsWith("label ") ? [index] : []));
  return starts
    .flatMap((start, index) => toBackup(lines.slice(start, starts[index + 1]), repository))
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
}

/** None where a part of it is not there, or not as it came. */
function toBackup(
  [head = "", text = "", ...copies]: readonly string[],
  repository: ReceivingRepository,
): readonly ReceivedBackup[] {
  const label = parseLabel(text);
  if (!label) return [];
  const { tag, at, ...rest } = label;
  const folder = head.slice("label ".length);
  // Of another folder than its own it tells nothing.
  if (folder !== `${repository.place}/${toTagWord(rest.host)}/${toTagWord(rest.service)}/${tag}`) return [];
  const found = new Map(
    copies.flatMap((line): [number, { readonly identity: string; readonly bytes: number }][] => {
      const [, number, bytes, identity] = /^copy (\d+) (\d+|-) ([0-9a-f-]{36})$/.exec(line) ?? [];
      return identity === undefined ? [] : [[Number(number), { identity, bytes: Number(bytes) }]];
    }),
  );
  const all = rest.places.map((_, index) => found.get(index + 1));
  const whole = all.filter((copy) => copy !== undefined);
  if (whole.length !== all.length) return [];
  const sizeBytes = whole.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    {
      ...rest,
      id: toCopyId(repository, label),
      at: new Date(at),
      tag,
      ...(Number.isNaN(sizeBytes) ? {} : { sizeBytes }),
      // It need not be the newest: what is received is a subvolume of its own.
      copies: whole.map(({ identity }, index) => ({
        identity,
        at: `${folder}/${index + 1}/${tag}`,
        isBase: true,
      })),
    },
  ];
}
