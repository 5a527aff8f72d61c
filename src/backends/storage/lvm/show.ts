import type { RunStep } from "../../../plan/plan.ts";
import { asRoot, dataStep } from "../data-steps.ts";
import { isActive, type Volume } from "./volume.ts";

/** Mounts a snapshot where its contents can be read, and takes that away again. A thin one sleeps until then. */
export function showSteps({ group, name, mount, isThin }: Volume, host: string, tag: string) {
  const snapshot = `${name}_${tag}`;
  const path = `/run/scrap/lvm-${group}-${snapshot}`;
  const isMounted = (exitCode: 0 | 1): Partial<RunStep> => ({
    done: {
      kind: "command",
      title: `${path} is ${exitCode === 0 ? "" : "not "}mounted`,
      host,
      command: asRoot("findmnt", "--mountpoint", path),
      expect: { exitCode },
    },
  });
  const options = mount?.type === "xfs" ? "ro,nouuid,norecovery" : "ro";
  const unmount = (id: string) =>
    dataStep(id, "Unmount it again", host, ["umount", path], { ...isMounted(1), optional: true });
  const sleep = (id: string) =>
    dataStep(id, "Put it to sleep again", host, ["lvchange", "-an", "--", `${group}/${snapshot}`], {
      done: isActive(group, snapshot, host, false),
      optional: true,
    });
  const wake = dataStep(
    "wake",
    "Wake the snapshot",
    host,
    ["lvchange", "-K", "-ay", "--", `${group}/${snapshot}`],
    { done: isActive(group, snapshot, host, true), undo: [sleep("undo-wake")] },
  );
  return {
    path,
    before: [
      ...(isThin ? [wake] : []),
      dataStep(
        "show",
        "Mount the snapshot, read-only",
        host,
        ["mount", "-o", `X-mount.mkdir=0700,${options}`, `/dev/${group}/${snapshot}`, path],
        { ...isMounted(0), undo: [unmount("undo-show")] },
      ),
    ],
    after: [unmount("hide"), ...(isThin ? [sleep("sleep")] : [])],
  };
}
