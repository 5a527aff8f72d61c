import { sha256 } from "../../../plan/digest.ts";
import { passOn } from "../../../plan/pass-on.ts";
import type { UploadStep } from "../../../plan/plan.ts";
import { askHost, learn } from "../../../plan/planning.ts";
import { toTagWord } from "../../../plan/snapshot-tag.ts";
import type { BackupLabel } from "../../backup-verbs.ts";
import type { ReceivingRepository, SendVerbs } from "../../send-verbs.ts";
import { isWhyNot } from "../../verbs.ts";
import { asRoot, dataStep } from "../data-steps.ts";
import { oneReceiver } from "../one-receiver.ts";
import { toLabelText } from "../sent-label.ts";
import { listScript, parseReceived } from "./received.ts";
import { findSubvolume, snapshotAt } from "./subvolume.ts";

/** Subvolumes that are sent to a folder of another host: `FOLDER/host/service/tag/number/tag`, and `label.json` beside the numbers. */
export const send: SendVerbs = {
  tool: "btrfs",
  needsFiles: true,
  *list(repository) {
    const output = yield* askHost(repository.host, {
      ...asRoot("sh", "-c", listScript, "scrap", repository.place),
      timeoutMs: 60_000,
    });
    return parseReceived(output, repository);
  },
  init: ({ name, place, host }) =>
    dataStep("init", `Make the folder of ${name}`, host, ["install", "-d", "-m", "0700", "--", place], {
      done: {
        kind: "command",
        title: `${place} is on btrfs`,
        host,
        command: asRoot("stat", "-f", "-c", "%T", "--", place),
        expect: { stdout: "btrfs" },
      },
    }),
  *identities(place, host) {
    const subvolume = yield* findSubvolume(place, host, 1);
    if (isWhyNot(subvolume)) return subvolume;
    const list = yield* learn(host, asRoot("btrfs", "subvolume", "list", "-a", "-s", "-u", "--", place.name));
    const found = [...list.matchAll(/ uuid (\S+) path (?:<FS_TREE>\/)?(.*)$/gm)];
    return new Map(
      found.flatMap(([, uuid = "", path = ""]): [string, string][] => {
        const tag = snapshotAt(subvolume, path);
        return tag === undefined ? [] : [[uuid, tag]];
      }),
    );
  },
  send({ host, path = "", tag, base, repository, label, number }) {
    const folder = folderOf(repository, label, tag);
    const mark = `/run/scrap/receive-${label.operation}-${number}`;
    const parent = base === undefined ? [] : [`${path.slice(0, -tag.length)}${base.tag}`];
    const { name } = label.places[number - 1] ?? { name: "" };
    const step = passOn({
      id: `send-${number}`,
      title: `Send ${base === undefined ? "all of" : "what changed in"} ${name} to ${repository.name}`,
      host: repository.host,
      from: { host, command: asRoot("sh", "-c", sendScript, "scrap", path, ...parent) },
      command: asRoot("sh", "-c", receiveScript, "scrap", `${folder}/${number}`, tag, mark),
      done: {
        kind: "command",
        title: `${repository.name} has it, whole`,
        host: repository.host,
        command: asRoot("btrfs", "subvolume", "show", "--", `${folder}/${number}/${tag}`),
        expect: { stdoutMatches: "Received UUID:\\s+[0-9a-f]+-" },
      },
      undo: [
        dataStep(
          `undo-send-${number}`,
          `Delete what ${repository.name} got of it, unless it is whole`,
          repository.host,
          ["sh", "-c", discardScript, "scrap", folder, `${number}`, tag, mark],
        ),
      ],
    });
    return { step, at: `${folder}/${number}/${tag}` };
  },
  keep(repository, label): UploadStep {
    const text = `${toLabelText(label)}\n`;
    return {
      kind: "upload",
      id: "keep",
      title: `Note at ${repository.name} that it is whole`,
      effect: "changes",
      host: repository.host,
      path: `${folderOf(repository, label, label.tag)}/label.json`,
      mode: "0600",
      sha256: sha256(text),
      source: { text },
      timeoutMs: 60_000,
    };
  },
  open: (_, at) => ({ path: at, before: [], after: [] }),
};

const folderOf = ({ place }: ReceivingRepository, { host, service }: BackupLabel, tag: string) =>
  `${place}/${toTagWord(host)}/${toTagWord(service)}/${tag}`;

const uuidOf = (kind: "UUID" | "Received UUID") => `sed -n 's/^[[:space:]]*${kind}:[[:space:]]*//p'`;

/** The identity first: whoever gets it sees whether it came to have it. */
const sendScript = `s=$1 p=$2; u=$(btrfs subvolume show -- "$s" | ${uuidOf("UUID")}); [ "$u" ] && btrfs filesystem sync "$s" && echo "$u" && exec btrfs send -q \${p:+-p "$p"} -- "$s"`;

/**
 * The end of the input may as well be a cut between two of its commands, of which btrfs knows nothing and calls it whole:
 * that is why nothing counts before there is a label.
 */
const receiveScript = [
  oneReceiver,
  `d=$1 t=$2 m=$3; s=$d/$t; end_other "$m" || exit;`,
  `IFS= read -r u && [ "$u" ] || { echo "nothing came" >&2; exit 1; };`,
  `mkdir -p -m 700 -- "$d" || exit; if [ -e "$s" ]; then btrfs subvolume delete -c -- "$s" || exit; fi;`,
  `take "$m" btrfs receive -q -- "$d" || exit; cat >/dev/null;`,
  `r=$(btrfs subvolume show -- "$s" | ${uuidOf("Received UUID")});`,
  `[ "$r" = "$u" ] || { echo "what came is $r, and what was sent is $u" >&2; exit 1; };`,
  `[ "$(btrfs property get -ts "$s" ro)" = ro=true ] || { echo "what came can be written to: it is not whole" >&2; exit 1; };`,
  `b=$(du -s -B1 --apparent-size -- "$s") && echo "\${b%%[!0-9]*}" >"$d/bytes" && btrfs filesystem sync "$d"`,
].join(" ");

const discardScript = [
  oneReceiver,
  `f=$1 n=$2 t=$3 m=$4; end_other "$m" || exit; [ ! -e "$f/label.json" ] || exit 0;`,
  `if [ -e "$f/$n/$t" ]; then btrfs subvolume delete -c -- "$f/$n/$t" || exit; fi;`,
  `rm -f -- "$f/$n/bytes"; rmdir -- "$f/$n" "$f" 2>/dev/null; [ ! -e "$f/$n" ]`,
].join(" ");
