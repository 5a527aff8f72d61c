import { sha256 } from "../../../plan/digest.ts";
import { passOn } from "../../../plan/pass-on.ts";
import { askHost } from "../../../plan/planning.ts";
import { isSnapshotName, toTagWord } from "../../../plan/snapshot-tag.ts";
import { failureOf, parseLines } from "../../parse.ts";
import type { SendVerbs } from "../../send-verbs.ts";
import { asRoot, dataStep } from "../data-steps.ts";
import { oneReceiver } from "../one-receiver.ts";
import { toLabelText } from "../sent-label.ts";
import { isDataset } from "./dataset.ts";
import { columns, parseReceived } from "./received.ts";

/** Datasets that are sent to `PLACE/host.service.number.word`, one snapshot on the other; the label is a property of the first place's. */
export const send: SendVerbs = {
  tool: "zfs",
  needsFiles: false,
  *list(repository) {
    const { place, host } = repository;
    const argv = [
      "zfs",
      "list",
      "-H",
      "-p",
      "-r",
      "-t",
      "snapshot",
      "-s",
      "createtxg",
      "-o",
      columns,
    ] as const;
    const output = yield* askHost(host, { ...asRoot(...argv, "--", place), timeoutMs: 60_000 });
    return parseReceived(output, repository);
  },
  init: ({ name, place, host }) =>
    // Nothing of it is ever mounted by itself: written to, it could take no more.
    dataStep(
      "init",
      `Make the dataset of ${name}`,
      host,
      ["zfs", "create", "-p", "-o", "canmount=off", place],
      {
        done: isDataset(place, host),
      },
    ),
  *identities({ name }, host) {
    const output = yield* askHost(
      host,
      asRoot("zfs", "list", "-H", "-p", "-d", "1", "-t", "snapshot,bookmark", "-o", "name,guid", "--", name),
    );
    if (output.exitCode !== 0)
      return { whyNot: `${host} does not list the snapshots of ${name}: it ${failureOf(output)}` };
    const found = parseLines(output.stdout).flatMap((line): [string, string][] => {
      const [full = "", guid = ""] = line.split("\t");
      const [sign, tag] = [full.charAt(name.length), full.slice(name.length + 1)];
      if (sign === "@" && isSnapshotName(tag)) return [[guid, tag]];
      return sign === "#" && /^scrap-[a-z0-9-]+$/.test(tag) ? [[guid, `#${tag}`]] : [];
    });
    // A bookmark stands for its snapshot only where that is gone.
    return new Map(found.toSorted(([, a], [, b]) => Number(b.startsWith("#")) - Number(a.startsWith("#"))));
  },
  send({ place, host, tag, base: newest, repository, label, number }) {
    const own = `${repository.place}/${[label.host, label.service].map(toTagWord).join(".")}.${number}.`;
    // By its name a dataset tells which place it has: what was sent as another one's is nothing to go on from.
    const base = newest?.at.startsWith(own) ? newest : undefined;
    const into = base?.at.split("@")[0] ?? `${own}${sha256(tag).slice(0, 6)}`;
    const mark = `/run/scrap/receive-${label.operation}-${number}`;
    const parent =
      base === undefined ? [] : [`${place.name}${base.tag.startsWith("#") ? "" : "@"}${base.tag}`];
    const step = passOn({
      id: `send-${number}`,
      title: `Send ${base === undefined ? "all of" : "what changed in"} ${place.name} to ${repository.name}`,
      host: repository.host,
      from: { host, command: asRoot("sh", "-c", sendScript, "scrap", `${place.name}@${tag}`, ...parent) },
      command: asRoot("sh", "-c", receiveScript, "scrap", into, tag, mark),
      resumes: { ...asRoot("sh", "-c", resumeScript, "scrap", into, tag, mark), timeoutMs: 90_000 },
      done: isDataset(`${into}@${tag}`, repository.host),
      undo: [
        dataStep(
          `undo-send-${number}`,
          `Destroy what ${repository.name} got of it, unless it is whole`,
          repository.host,
          ["sh", "-c", discardScript, "scrap", into, tag, mark],
        ),
      ],
    });
    return { step, at: `${into}@${tag}` };
  },
  keep: ({ name, host }, label, copies) =>
    dataStep("keep", `Note at ${name} that it is whole`, host, [
      ...(["zfs", "set", `scrap:label=${toLabelText(label)}`] as const),
      ...copies,
    ]),
  mark: ({ place, host, tag, repository, number }) =>
    dataStep(
      `mark-${number}`,
      `Let the next one go on from it even if its snapshot of ${place.name} is destroyed`,
      host,
      ["sh", "-c", markScript, "scrap", place.name, tag, `scrap-${toTagWord(repository.name)}`],
      { optional: true },
    ),
  open({ host }, at) {
    const path = `/run/scrap/${at.replaceAll(/[/@]/g, "-")}`;
    const close = (id: string) =>
      dataStep(id, `Unmount ${at} again`, host, ["umount", path], {
        done: {
          kind: "command",
          title: `${path} is not mounted`,
          host,
          command: asRoot("findmnt", "--mountpoint", path),
          expect: { exitCode: 1 },
        },
        optional: true,
      });
    return {
      path,
      before: [
        dataStep(
          "open",
          `Mount ${at} for a moment`,
          host,
          ["mount", "-t", "zfs", "-o", "ro,X-mount.mkdir=0700", at, path],
          { undo: [close("undo-open")] },
        ),
      ],
      after: [close("close")],
    };
  },
};

/** The identity first: whoever gets it sees whether it came to have it. What is encrypted goes as it is, and stays so. */
const sendScript = [
  `s=$1 p=$2; read -r t; g=$(zfs get -H -p -o value guid "$s") || exit; echo "$g";`,
  `case $t in *[!0-9a-z-]*) exit 65 ;; ?*) exec zfs send -t "$t" ;; esac;`,
  `w=; case $(zfs get -H -o value encryption "$s") in off|-|"") ;; *) w=-w ;; esac;`,
  `exec zfs send $w -L -c \${p:+-i "$p"} "$s"`,
].join(" ");

/**
 * A bookmark and no hold: it costs nothing, keeps nobody from destroying a dataset or a snapshot, and goes with the
 * dataset. While there is none, the snapshot is there.
 */
const markScript = `b="$1#$3"; zfs destroy "$b" 2>/dev/null; exec zfs bookmark "$1@$2" "$b"`;

/** From where to go on, if this very snapshot was cut off; what is left of another one goes. */
const resumeScript = [
  oneReceiver,
  `d=$1 t=$2 m=$3; end_other "$m" || exit;`,
  `k=$(zfs get -H -o value receive_resume_token "$d" 2>/dev/null); case $k in ""|-) echo; exit 0 ;; esac;`,
  `if zfs send -nvP -t "$k" 2>&1 | grep -q "toname = .*@$t\\$"; then echo "$k"; else zfs receive -A "$d" && echo; fi`,
].join(" ");

const receiveScript = [
  oneReceiver,
  `d=$1 t=$2 m=$3; end_other "$m" || exit;`,
  `read -r g && [ "$g" ] || { echo "nothing came" >&2; exit 1; };`,
  `if zfs list -H -o name "$d@$t" >/dev/null 2>&1; then cat >/dev/null; else take "$m" zfs receive -s -u "$d" || exit; cat >/dev/null; fi;`,
  `r=$(zfs get -H -p -o value guid "$d@$t"); [ "$r" = "$g" ] || { echo "what came is $r, and what was sent is $g" >&2; exit 1; };`,
  `zfs set readonly=on "$d" && { [ "$(zfs get -H -o value type "$d")" = volume ] || zfs set canmount=noauto "$d"; }`,
].join(" ");

const discardScript = [
  oneReceiver,
  `d=$1 t=$2 m=$3; end_other "$m" || exit; zfs list -H -o name "$d" >/dev/null 2>&1 || exit 0;`,
  `[ "$(zfs get -H -o value receive_resume_token "$d")" = - ] || zfs receive -A "$d" || exit;`,
  `if zfs list -H -o name "$d@$t" >/dev/null 2>&1; then [ "$(zfs get -H -o value scrap:label "$d@$t")" = - ] || exit 0; zfs destroy "$d@$t" || exit; fi;`,
  `! zfs list -H -o name "$d" >/dev/null 2>&1 || [ "$(zfs list -H -d 1 -t snapshot -o name "$d")" ] || zfs destroy "$d"`,
].join(" ");
