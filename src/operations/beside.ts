import type { Beside } from "../backends/data-verbs.ts";
import { isWhyNot } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import type { RunStep } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";
import type { Place } from "./places.ts";

/** Names of what is made beside live data, and of what was live before. */
export interface AsideNames {
  readonly mark: string;
  readonly aside: string;
}

/** An empty place beside one of a service, on the same file system. Throws `Refused` where that cannot be. */
export function* makeBeside(place: Place, names: AsideNames): Planning<Beside> {
  const { keeper, declared, folder, host } = place;
  if (keeper?.verbs.beside) {
    const beside = yield* keeper.verbs.beside(keeper.place, host, names);
    if (isWhyNot(beside)) throw new Refused(beside.whyNot, { hint: beside.hint });
    return beside;
  }
  if (keeper || (declared.kind !== "path" && declared.kind !== "volume"))
    throw new Refused(
      `Nothing can be restored beside the ${declared.kind} ${declared.name} on ${host} yet.`,
      {
        hint: "Data in a btrfs subvolume, a folder or a volume can.",
      },
    );
  return yield* folderBeside(folder, host, names);
}

function* folderBeside(folder: string, host: string, { mark, aside }: AsideNames): Planning<Beside> {
  const made = `${folder}_${mark}`;
  const kept = `${folder}_${aside}`;
  const isMounted = yield* askHost(host, asRoot("mountpoint", "-q", folder));
  if (isMounted.exitCode === 0)
    throw new Refused(`${folder} on ${host} is a mount point: nothing can take its place by its name.`, {
      hint: "Data in a folder of that file system can be put back.",
    });
  const isThere = (yield* askHost(host, asRoot("test", "-e", folder))).exitCode === 0;
  const step = (
    id: string,
    title: string,
    argv: RunStep["command"]["argv"],
    there: string,
    exitCode: 0 | 1,
  ) =>
    ({
      kind: "run",
      id,
      title,
      effect: "changes",
      host,
      command: asRoot(...argv),
      done: {
        kind: "command",
        title: `${there} is ${exitCode === 0 ? "" : "not "}there`,
        host,
        command: asRoot("test", "-e", there),
        expect: { exitCode },
      },
      again: "safe",
      timeoutMs: 600_000,
    }) as const satisfies RunStep;
  const rename = (id: string, title: string, from: string, to: string) =>
    step(id, title, ["mv", "-T", "--", from, to], from, 1);
  const discard = (id: string) =>
    step(id, `Throw ${made} away`, ["rm", "-rf", "--one-file-system", "--", made], made, 1);
  return {
    path: made,
    make: [
      {
        ...step("beside", `Make a folder beside ${folder}`, ["mkdir", "-m", "0700", "--", made], made, 0),
        undo: [discard("undo-beside")],
      },
    ],
    swap: [
      ...(isThere
        ? [
            {
              ...step("aside", `Put ${folder} aside as ${kept}`, ["mv", "-T", "--", folder, kept], kept, 0),
              undo: [rename("undo-aside", `Put ${folder} back where it was`, kept, folder)],
            },
          ]
        : []),
      {
        ...rename("swap", "Put what was restored in its place", made, folder),
        undo: [rename("undo-swap", "Take what was restored out again", folder, made)],
      },
    ],
    discard: [discard("discard")],
    ...(isThere ? { kept } : {}),
  };
}

const asRoot = (...argv: RunStep["command"]["argv"]) => ({ argv, asRoot: true });
