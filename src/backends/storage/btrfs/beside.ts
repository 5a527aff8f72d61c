import type { Data } from "../../../inventory/service.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { Beside } from "../../data-verbs.ts";
import { isWhyNot, type WhyNot } from "../../verbs.ts";
import { asRoot, dataStep, isGone, isThere, renameStep } from "../data-steps.ts";
import { findSubvolume, remounted } from "./subvolume.ts";

/** A subvolume beside a declared one, on the same file system; where there is none yet, for the place where it belongs. */
export function* beside(
  place: Data,
  host: string,
  { mark, aside }: { readonly mark: string; readonly aside: string },
): Planning<Beside | WhyNot> {
  const there = yield* askHost(host, asRoot("test", "-e", place.name));
  if (there.exitCode !== 0) {
    const folder = place.name.slice(0, place.name.lastIndexOf("/")) || "/";
    const { stdout } = yield* askHost(host, asRoot("stat", "-f", "-c", "%T", "--", folder));
    if (stdout.trim() !== "btrfs")
      return {
        whyNot: `${folder} on ${host} is not on btrfs: the subvolume ${place.name} cannot be made there.`,
        hint: `Where it need not be a subvolume everywhere, declare it as path: ${place.name}`,
      };
    const made = madeAt(place.name, `${place.name}_${mark}`, host);
    return { ...made, swap: [putInPlace(place.name, `${place.name}_${mark}`, host)] };
  }
  const subvolume = yield* findSubvolume(place, host, 1);
  if (isWhyNot(subvolume)) return subvolume;
  const { path, entry, name, open, close } = subvolume;
  if (name === "")
    return {
      whyNot: `${path} on ${host} is all of its file system: nothing can take its place.`,
      hint: "Data in a subvolume of its own can be put back.",
    };
  const kept = `${entry}_${aside}`;
  const made = madeAt(path, `${entry}_${mark}`, host);
  return {
    path: made.path,
    make: [...open, ...made.make],
    swap: [
      ...remounted(subvolume, host, 1, [
        renameStep("aside", `Put ${path} aside as ${kept}`, host, entry, kept, {
          // Once another one has taken its place the name is taken again.
          done: isThere(kept, host),
          undo: [renameStep("undo-aside", `Put ${path} back where it was`, host, kept, entry)],
        }),
        putInPlace(entry, made.path, host),
      ]),
      ...close,
    ],
    discard: [...made.discard, ...close],
    kept,
  };
}

function madeAt(path: string, made: string, host: string) {
  const discard = (id: string) =>
    dataStep(id, `Throw ${made} away`, host, ["btrfs", "subvolume", "delete", "-c", "--", made], {
      done: isGone(made, host),
    });
  return {
    path: made,
    make: [
      dataStep(
        "beside",
        `Make a subvolume beside ${path}`,
        host,
        ["btrfs", "subvolume", "create", "--", made],
        {
          done: isThere(made, host),
          undo: [discard("undo-beside")],
        },
      ),
    ],
    discard: [discard("discard")],
  };
}

const putInPlace = (entry: string, made: string, host: string) =>
  renameStep("swap", `Put what was restored in its place`, host, made, entry, {
    // Otherwise it would come to be inside.
    needs: [isGone(entry, host)],
    undo: [renameStep("undo-swap", "Take what was restored out again", host, entry, made)],
  });
