import type { RunStep } from "../../../plan/plan.ts";
import type { Planning } from "../../../plan/planning.ts";
import type { WhyNot } from "../../verbs.ts";
import { sayBytes } from "../../words.ts";
import { dataStep } from "../data-steps.ts";
import { roomFor } from "./snapshot.ts";
import { freeIn, isActive, isNameTooLong, isNoVolume, isSkipped, isVolume, type Volume } from "./volume.ts";

export function whyNotPutBack(volume: Volume, host: string, aside: string): WhyNot | undefined {
  const { group, name, place, mount, isOpen } = volume;
  if (mount?.target === "/")
    return { whyNot: `${host} runs from ${place.name}: it cannot be changed for another one.` };
  if (isOpen && !mount) return { whyNot: `${place.name} on ${host} is in use, and not mounted.` };
  if (isNameTooLong(group, `${name}_${aside}_copy`))
    return { whyNot: `${name}_${aside}_copy is too long for the name of a logical volume.` };
  return undefined;
}

/** Classic volumes are copied block by block. `later`: their snapshots take room first. */
export function* whyNoRoom(
  volumes: readonly Volume[],
  host: string,
  when: "now" | "later",
): Planning<WhyNot | undefined> {
  const classic = volumes.filter(({ isThin }) => !isThin);
  for (const group of new Set(classic.map((volume) => volume.group))) {
    const free = yield* freeIn(group, host);
    const own = classic.filter((volume) => volume.group === group);
    const taken =
      when === "later" ? own.reduce((sum, volume) => sum + (roomFor(volume, free - sum) ?? 0), 0) : 0;
    const needed = own.reduce((sum, { sizeBytes }) => sum + sizeBytes, taken);
    if (free < needed)
      return {
        whyNot: `${group} on ${host} has only ${sayBytes(free)} free, and to put ${own.map(({ place }) => place.name).join(" and ")} back takes ${sayBytes(needed)}.`,
        hint: "lvconvert --merge needs none, and destroys what is there now.",
      };
  }
  return undefined;
}

/**
 * A copy is made, takes the name of what is there, and that one is put to sleep: the same file system with the same UUID
 * must not be seen twice. Of a thin snapshot the copy is a snapshot once more; of a classic one every block is copied,
 * because merging it would destroy what is there.
 */
export function swapSteps(
  volume: Volume,
  host: string,
  tag: string,
  aside: string,
  number: number,
): readonly RunStep[] {
  const { group, name, mount, place } = volume;
  const kept = `${name}_${aside}`;
  const copy = `${kept}_copy`;
  const step = (id: string, title: string, argv: RunStep["command"]["argv"], rest: Partial<RunStep> = {}) =>
    dataStep(`${id}-${number}`, title, host, argv, rest);
  const rename = (id: string, title: string, from: string, to: string, rest: Partial<RunStep> = {}) =>
    step(id, title, ["lvrename", "--", group, from, to], { done: isVolume(group, to, host), ...rest });
  /** Two commands: LVM advises against both in one. */
  const activate = (id: string, which: string, active: boolean, rest: Partial<RunStep> = {}) =>
    step(
      id,
      `${active ? "Wake" : "Put to sleep"} ${group}/${which}`,
      ["lvchange", active ? "-ay" : "-an", "--", `${group}/${which}`],
      { done: isActive(group, which, host, active), ...rest },
    );
  const skip = (id: string, which: string, skipped: boolean, rest: Partial<RunStep> = {}) =>
    step(
      id,
      `Let ${group}/${which} ${skipped ? "sleep" : "be awake"} after a boot, too`,
      ["lvchange", skipped ? "-ky" : "-kn", "--", `${group}/${which}`],
      { done: isSkipped(group, which, host, skipped), ...rest },
    );
  const mounted = (exitCode: 0 | 1): Partial<RunStep> => ({
    done: {
      kind: "command",
      title: `${mount?.target} is ${exitCode === 0 ? "" : "not "}mounted`,
      host,
      command: { argv: ["findmnt", "--mountpoint", mount?.target ?? ""] },
      expect: { exitCode },
    },
  });
  const remount = (id: string, rest: Partial<RunStep> = {}) =>
    mount
      ? [
          step(
            id,
            `Mount ${mount.target}`,
            ["mount", "-t", mount.type, "-o", mount.options, volume.device, mount.target],
            { ...mounted(0), ...rest },
          ),
        ]
      : [];
  const unmount = (id: string, rest: Partial<RunStep> = {}) =>
    mount ? [step(id, `Unmount ${mount.target}`, ["umount", mount.target], { ...mounted(1), ...rest })] : [];
  return [
    ...(volume.isThin ? [thinCopy(volume, tag, copy, step, host)] : blockCopy(volume, tag, copy, step, host)),
    activate("sleep-copy", copy, false),
    skip("skip-copy", copy, true),
    ...unmount("unmount", { undo: remount("undo-unmount") }),
    rename("aside", `Put ${place.name} aside as ${kept}`, name, kept, {
      undo: [
        rename("undo-aside", `Put ${place.name} back where it was`, kept, name, {
          done: isNoVolume(group, kept, host),
        }),
      ],
    }),
    activate("sleep", kept, false, { undo: [activate("undo-sleep", kept, true)] }),
    skip("skip", kept, true, { undo: [skip("undo-skip", kept, false)] }),
    rename("swap", "Put the copy in its place", copy, name, {
      undo: [
        rename("undo-swap", "Take the copy out again", name, copy, { done: isVolume(group, copy, host) }),
      ],
    }),
    skip("unskip", name, false, { undo: [skip("undo-unskip", name, true)] }),
    activate("wake", name, true, { undo: [activate("undo-wake", name, false)] }),
    ...remount("mount", { undo: unmount("undo-mount") }),
  ];
}

type MakeStep = (
  id: string,
  title: string,
  argv: RunStep["command"]["argv"],
  rest?: Partial<RunStep>,
) => RunStep;

const thinCopy = (
  { group, name }: Volume,
  tag: string,
  copy: string,
  step: MakeStep,
  host: string,
): RunStep =>
  step(
    "copy",
    `Make ${group}/${copy} of the snapshot`,
    ["lvcreate", "-q", "-y", "-s", "-ky", "-prw", "-n", copy, `${group}/${name}_${tag}`],
    { done: isVolume(group, copy, host) },
  );

function blockCopy(
  { group, name, sizeBytes }: Volume,
  tag: string,
  copy: string,
  step: MakeStep,
  host: string,
): readonly RunStep[] {
  const snapshot = `${group}/${name}_${tag}`;
  return [
    step(
      "copy",
      `Make room for a copy as ${group}/${copy}`,
      ["lvcreate", "-q", "-y", "-L", `${sizeBytes}b`, "-n", copy, group],
      { done: isVolume(group, copy, host) },
    ),
    step(
      "fill",
      "Copy the snapshot, block by block",
      ["dd", `if=/dev/${snapshot}`, `of=/dev/${group}/${copy}`, "bs=4M", "conv=nocreat,fsync"],
      { timeoutMs: 24 * 3_600_000 },
    ),
    // One that overflows reads as nonsense, and says so only here.
    step(
      "whole",
      "See that the snapshot was good to the end",
      ["lvs", "--noheadings", "-o", "lv_attr", "--", snapshot],
      { effect: "reads", output: { must: "^\\s*s...[^I]" } },
    ),
  ];
}
