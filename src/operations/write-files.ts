import type { Placement, Wish } from "../backends/verbs.ts";
import { sha256 } from "../plan/digest.ts";
import type { Basis, Check, UploadStep } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { OwnFile } from "./declared-files.ts";
import { digestCommand, type HostFile, lookAtFiles, readHostFile, statCommand } from "./host-files.ts";
import { mayBeShown, showDifference } from "./show-difference.ts";

export interface Writing {
  readonly steps: readonly UploadStep[];
  /** The paths that are written. */
  readonly changed: readonly string[];
  readonly basis: readonly Basis[];
}

/** Brings the files of a placement to their host, those that are other there alone. The way back puts each back. */
export function* writeFiles(
  placement: Pick<Placement, "files">,
  declared: readonly OwnFile[],
  owner: Wish["owner"],
  host: string,
): Planning<Writing> {
  const before = yield* lookAtFiles(
    host,
    placement.files.map(({ path }) => path),
  );
  const steps: UploadStep[] = [];
  const basis: Basis[] = [];
  for (const { name, path, text, isMade, mode } of placement.files) {
    const own = isMade ? undefined : declared.find((file) => file.name === name);
    const wanted = {
      sha256: own?.sha256 ?? sha256(text),
      mode: own?.mode ?? mode ?? "0644",
      owner: owner ? `${owner.user.uid}:${owner.user.gid}` : "0:0",
    };
    const there = before.get(path);
    if (isSame(there, wanted)) continue;
    const id = `write-${steps.length + 1}`;
    steps.push({
      kind: "upload",
      id,
      title: `${there ? "Replace" : "Write"} ${path}`,
      effect: "changes",
      host,
      path,
      mode: wanted.mode,
      ...(owner ? { owner: wanted.owner } : {}),
      sha256: wanted.sha256,
      source: own ? { file: own.file } : { text },
      diff: mayBeShown(path, wanted.mode)
        ? showDifference(there ? yield* readHostFile(host, path) : "", text)
        : ["not shown: it may hold secrets"],
      done: isWritten(path, wanted, there, host),
      again: "safe",
      timeoutMs: 60_000,
      undo: [
        {
          kind: "put-back",
          id: `${id}-back`,
          title: there ? `Put ${path} back` : `Take ${path} away`,
          effect: "changes",
          host,
          path,
          of: id,
          again: "safe",
          timeoutMs: 60_000,
        },
      ],
    });
    basis.push({
      kind: "host",
      title: path,
      host,
      command: digestCommand(path),
      stdout: there ? `${there.sha256}  ${path}` : "",
    });
  }
  return { steps, changed: steps.map(({ path }) => path), basis };
}

const isSame = (there: HostFile | undefined, wanted: HostFile): boolean =>
  there !== undefined &&
  there.sha256 === wanted.sha256 &&
  there.mode === wanted.mode.replace(/^0+/, "") &&
  there.owner === wanted.owner;

/** By its contents, or where these are right already, by whose it is and who may read it. */
function isWritten(path: string, wanted: HostFile, there: HostFile | undefined, host: string): Check {
  const isSameText = there?.sha256 === wanted.sha256;
  return {
    kind: "command",
    title: isSameText ? `${path} is for those who may read it` : `${path} says so`,
    host,
    command: isSameText ? statCommand(path) : digestCommand(path),
    expect: {
      stdout: isSameText ? `${wanted.mode.replace(/^0+/, "")} ${wanted.owner}` : `${wanted.sha256}  ${path}`,
    },
  };
}
