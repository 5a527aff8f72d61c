import type { RunStep } from "../../../plan/plan.ts";
import { dataStep } from "../data-steps.ts";
import { isActive, isVolume, type Volume } from "./volume.ts";

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
  const sleep = (id: string, which: string, rest: Partial<RunStep> = {}) =>
    step(
      id,
      `Put ${group}/${which} to sleep, after a boot, too`,
      ["lvchange", "-y", "-an", "-ky", "--", `${group}/${which}`],
      { done: isActive(group, which, host, false), ...rest },
    );
  const wake = (id: string, which: string, rest: Partial<RunStep> = {}) =>
    step(id, `Wake ${group}/${which}`, ["lvchange", "-y", "-K", "-ay", "-kn", "--", `${group}/${which}`], {
      done: isActive(group, which, host, true),
      ...rest,
    });
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
    sleep("sleep-copy", copy),
    ...unmount("unmount", { undo: remount("undo-unmount") }),
    rename("aside", `Put ${place.name} aside as ${kept}`, name, kept, {
      undo: [
        rename("undo-aside", `Put ${place.name} back where it was`, kept, name, {
          done: isVolume(group, kept, host, 5),
        }),
      ],
    }),
    sleep("sleep", kept, { undo: [wake("undo-sleep", kept)] }),
    rename("swap", "Put the copy in its place", copy, name, {
      undo: [
        rename("undo-swap", "Take the copy out again", name, copy, { done: isVolume(group, copy, host) }),
      ],
    }),
    wake("wake", name, { undo: [sleep("undo-wake", name)] }),
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
