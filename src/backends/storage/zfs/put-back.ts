import type { RunStep } from "../../../plan/plan.ts";
import type { Planning } from "../../../plan/planning.ts";
import type { WhyNot } from "../../verbs.ts";
import { dataStep } from "../data-steps.ts";
import { type Dataset, datasetsIn, hasProperty, isDataset, isNoDataset, ownProperties } from "./dataset.ts";

export function* whyNotPutBack(dataset: Dataset, host: string): Planning<WhyNot | undefined> {
  const { name, pool, mountpoint, isMounted, encryptionRoot } = dataset;
  if (name === pool) return { whyNot: `${name} on ${host} is a whole pool: nothing can take its place.` };
  if (isMounted && mountpoint === "legacy")
    return {
      whyNot: `${name} on ${host} is mounted by something else than ZFS (mountpoint=legacy).`,
      hint: "Give it a mountpoint of its own: zfs set mountpoint=/where …",
    };
  if (encryptionRoot === name)
    return { whyNot: `${name} on ${host} has a key of its own, which a copy of it would not be opened by.` };
  const inside = yield* datasetsIn(dataset, host);
  if (inside.length > 0)
    return {
      whyNot: `${name} on ${host} has datasets below it, which its snapshots do not contain: ${inside.join(", ")}`,
      hint: "Declare each of them as data, and put this one's own data into another dataset.",
    };
  return undefined;
}

/**
 * Never `zfs rollback`, which destroys: what is there gets another name, a clone gets its own. It is promoted, so that
 * the older snapshots stay with the name, and what was put aside may go one day.
 */
export function* swapSteps(
  dataset: Dataset,
  host: string,
  tag: string,
  aside: string,
  number: number,
): Planning<readonly RunStep[]> {
  const { name, isVolume, isMounted, canmount } = dataset;
  const kept = `${name}_${aside}`;
  const properties = yield* ownProperties(dataset, host);
  const step = (id: string, title: string, argv: RunStep["command"]["argv"], rest: Partial<RunStep>) =>
    dataStep(`${id}-${number}`, title, host, argv, rest);
  const mount = (id: string, rest: Partial<RunStep> = {}) =>
    step(id, `Mount ${name}`, ["zfs", "mount", name], {
      done: hasProperty(name, "mounted", "yes", host),
      ...rest,
    });
  const unmount = (id: string, rest: Partial<RunStep> = {}) =>
    step(id, `Unmount ${name}`, ["zfs", "unmount", name], {
      done: hasProperty(name, "mounted", "no", host),
      ...rest,
    });
  const setCanmount = (id: string, value: string, rest: Partial<RunStep> = {}) =>
    step(
      id,
      value === "noauto" ? `Let ${name} not be mounted by itself` : `Let ${name} be mounted as before`,
      ["zfs", "set", `canmount=${value}`, name],
      { done: hasProperty(name, "canmount", value, host), ...rest },
    );
  const rename = (id: string, title: string, from: string, to: string, rest: Partial<RunStep> = {}) =>
    step(id, title, ["zfs", "rename", from, to], { done: isDataset(to, host), ...rest });
  const promote = (id: string, clone: string, origin: string, rest: Partial<RunStep> = {}) =>
    step(id, `Give the snapshots up to then to ${clone}`, ["zfs", "promote", clone], {
      done: hasProperty(origin, "origin", `${clone}@${tag}`, host),
      ...rest,
    });
  const whenMounted = (...steps: readonly RunStep[]) => (isMounted ? steps : []);
  const unlessVolume = (...steps: readonly RunStep[]) => (isVolume ? [] : steps);
  return [
    ...whenMounted(unmount("unmount", { undo: [mount("undo-unmount")] })),
    // Its mount point belongs to the copy from now on, after a boot, too.
    ...unlessVolume(setCanmount("canmount", "noauto", { undo: [setCanmount("undo-canmount", canmount)] })),
    rename("aside", `Put ${name} aside as ${kept}`, name, kept, {
      undo: [
        rename("undo-aside", `Put ${name} back where it was`, kept, name, {
          // The name alone does not tell whose it is.
          done: isNoDataset(kept, host),
        }),
      ],
    }),
    step(
      "copy",
      `Put the snapshot in the place of ${name}`,
      ["zfs", "clone", ...(isVolume ? [] : ["-o", "canmount=noauto"]), ...properties, `${kept}@${tag}`, name],
      {
        done: isDataset(name, host),
        undo: [
          rename("undo-copy", `Put what was brought back aside as ${kept}_undone`, name, `${kept}_undone`, {
            done: isNoDataset(name, host),
          }),
        ],
      },
    ),
    promote("promote", name, kept, { undo: [promote("undo-promote", kept, name)] }),
    ...unlessVolume(
      setCanmount("copy-canmount", canmount, { undo: [setCanmount("undo-copy-canmount", "noauto")] }),
    ),
    ...whenMounted(mount("mount", { undo: [unmount("undo-mount")] })),
  ];
}
