import type { Data } from "../../../inventory/service.ts";
import type { RunStep } from "../../../plan/plan.ts";
import type { Planning } from "../../../plan/planning.ts";
import type { Beside } from "../../data-verbs.ts";
import { isWhyNot, type WhyNot } from "../../verbs.ts";
import { asRoot, dataStep } from "../data-steps.ts";
import { findDataset, hasProperty, isDataset, isNoDataset, ownProperties } from "./dataset.ts";
import { whyNotPutBack } from "./put-back.ts";

/** A dataset beside a declared one, with all that was set for that one. It is filled where nobody else looks. */
export function* beside(
  place: Data,
  host: string,
  { mark, aside }: { readonly mark: string; readonly aside: string },
): Planning<Beside | WhyNot> {
  const dataset = yield* findDataset(place, host);
  if (isWhyNot(dataset)) return dataset;
  const { name, isVolume, isMounted, canmount } = dataset;
  const why = yield* whyNotPutBack(dataset, host);
  if (why) return why;
  if (isVolume || !isMounted)
    return { whyNot: `${name} on ${host} is no mounted file system: nothing can be restored beside it.` };
  const properties = yield* ownProperties(dataset, host);
  const [made, kept] = [`${name}_${mark}`, `${name}_${aside}`];
  const path = `/run/scrap/${made.replaceAll("/", "-")}`;
  const step = (id: string, title: string, argv: RunStep["command"]["argv"], rest: Partial<RunStep>) =>
    dataStep(id, title, host, argv, rest);
  const see = (id: string, rest: Partial<RunStep> = {}) =>
    step(
      id,
      `Mount ${made} for a moment`,
      ["mount", "-t", "zfs", "-o", "zfsutil,X-mount.mkdir=0700", made, path],
      {
        done: hasProperty(made, "mounted", "yes", host),
        ...rest,
      },
    );
  const hide = (id: string, rest: Partial<RunStep> = {}) =>
    step(id, `Unmount ${made} again`, ["umount", path], {
      done: isMountpoint(path, host, 1),
      ...rest,
    });
  const destroy = (id: string) =>
    step(id, `Throw ${made} away`, ["zfs", "destroy", made], { done: isNoDataset(made, host) });
  const rename = (id: string, title: string, from: string, to: string, undo?: RunStep) =>
    step(id, title, ["zfs", "rename", from, to], {
      done: isNoDataset(from, host),
      ...(undo ? { undo: [undo] } : {}),
    });
  const setCanmount = (id: string, value: string, undo?: RunStep) =>
    step(
      id,
      value === "noauto" ? `Let ${name} not be mounted by itself` : `Let ${name} be mounted as before`,
      ["zfs", "set", `canmount=${value}`, name],
      {
        done: hasProperty(name, "canmount", value, host),
        ...(undo ? { undo: [undo] } : {}),
      },
    );
  const mount = (id: string, undo?: RunStep) =>
    step(id, `Mount ${name}`, ["zfs", "mount", name], {
      done: hasProperty(name, "mounted", "yes", host),
      ...(undo ? { undo: [undo] } : {}),
    });
  const unmount = (id: string, undo?: RunStep) =>
    step(id, `Unmount ${name}`, ["zfs", "unmount", name], {
      done: hasProperty(name, "mounted", "no", host),
      ...(undo ? { undo: [undo] } : {}),
    });
  return {
    path,
    kept,
    make: [
      step(
        "beside",
        `Make a dataset beside ${name}`,
        ["zfs", "create", "-o", "canmount=noauto", ...properties, made],
        {
          done: isDataset(made, host),
          undo: [destroy("undo-beside")],
        },
      ),
      see("see", { undo: [hide("undo-see")] }),
    ],
    swap: [
      hide("hide", { undo: [see("undo-hide")] }),
      unmount("unmount", mount("undo-unmount")),
      // Its mount point belongs to the other one from now on, after a boot, too.
      setCanmount("canmount", "noauto", setCanmount("undo-canmount", canmount)),
      step("aside", `Put ${name} aside as ${kept}`, ["zfs", "rename", name, kept], {
        // Once another one has taken its place the name is taken again.
        done: isDataset(kept, host),
        undo: [
          step("undo-aside", `Put ${name} back where it was`, ["zfs", "rename", kept, name], {
            done: isNoDataset(kept, host),
          }),
        ],
      }),
      rename(
        "swap",
        "Put what was restored in its place",
        made,
        name,
        rename("undo-swap", "Take what was restored out again", name, made),
      ),
      setCanmount("swap-canmount", canmount, setCanmount("undo-swap-canmount", "noauto")),
      mount("mount", unmount("undo-mount")),
    ],
    discard: [hide("discard-hide"), destroy("discard")],
  };
}

const isMountpoint = (path: string, host: string, exitCode: 0 | 1) => ({
  kind: "command" as const,
  title: `${path} is ${exitCode === 0 ? "" : "not "}mounted`,
  host,
  command: asRoot("findmnt", "--mountpoint", path),
  expect: { exitCode },
});
