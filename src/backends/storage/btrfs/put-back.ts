import type { RunStep } from "../../../plan/plan.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { WhyNot } from "../../verbs.ts";
import { asRoot, dataStep, isGone, isThere, renameStep } from "../data-steps.ts";
import { isSubvolume, type Subvolume, subvolumesIn } from "./subvolume.ts";

export function* whyNotPutBack(subvolume: Subvolume, host: string): Planning<WhyNot | undefined> {
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

/** Two commands: between them there is nothing under that name. Whichever was the last, the next one is known. */
export function swapSteps(
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
