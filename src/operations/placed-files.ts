import type { Placement } from "../backends/verbs.ts";
import { sha256 } from "../plan/digest.ts";
import type { Basis, Step, TakeAwayStep, UploadStep } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";
import { digestCommand, lookAtFiles, readHostFile } from "./host-files.ts";
import { mayBeShown, showDifference } from "./show-difference.ts";

/** Which files of a service we put on a host: by their path, the digest. Kept there, for any machine to read. */
interface Placed {
  readonly service: string;
  readonly files: Readonly<Record<string, string>>;
}

const folder = "/var/lib/scrap/placed";

export interface Leaving {
  readonly steps: readonly TakeAwayStep[];
  readonly basis: readonly Basis[];
  readonly notes: readonly string[];
  /** That the host notes what is ours from now on; nothing where it does. */
  readonly keep: readonly Step[];
}

/** Files that we put there for a service and that are not declared any more. What somebody else changed since stays, and that is said. */
export function* findLeaving(service: string, { files }: Placement, host: string): Planning<Leaving> {
  const { stdout } = yield* askHost(host, { argv: ["grep", "-rhs", ".", folder], asRoot: true });
  const known = stdout.split("\n").flatMap(parsePlaced);
  const wanted = new Set([
    ...files.map(({ path }) => path),
    ...known.flatMap((each) => (each.service === service ? [] : Object.keys(each.files))),
  ]);
  const ours = Object.entries(known.find((each) => each.service === service)?.files ?? {});
  const left = ours.filter(([path]) => !wanted.has(path));
  const there = yield* lookAtFiles(
    host,
    left.map(([path]) => path),
  );
  const steps: TakeAwayStep[] = [];
  const basis: Basis[] = [];
  const notes: string[] = [];
  for (const [path, digest] of left) {
    const file = there.get(path);
    if (!file) continue;
    if (file.sha256 !== digest) {
      notes.push(`${path} is not declared any more; somebody else has changed it since, so it stays.`);
      continue;
    }
    const shown = mayBeShown(path, file.mode);
    const diff = shown
      ? showDifference(yield* readHostFile(host, path), "")
      : ["not shown: it may hold secrets"];
    steps.push(takeAway(path, `take-away-${steps.length + 1}`, diff, host));
    basis.push({
      kind: "host",
      title: path,
      host,
      command: digestCommand(path),
      stdout: `${digest}  ${path}`,
    });
  }
  const isNoted = stdout.split("\n").includes(toLine(service, files));
  return { steps, basis, notes, keep: isNoted ? [] : [notePlaced(service, files, host)] };
}

function takeAway(path: string, id: string, diff: readonly string[], host: string): TakeAwayStep {
  const shared = { effect: "changes", host, path, again: "safe", timeoutMs: 60_000 } as const;
  return {
    ...shared,
    kind: "take-away",
    id,
    title: `Take ${path} away, which is not declared any more`,
    diff,
    done: {
      kind: "command",
      title: `${path} is gone`,
      host,
      command: { argv: ["test", "!", "-e", path], asRoot: true },
      expect: { exitCode: 0 },
    },
    undo: [{ ...shared, kind: "put-back", id: `${id}-back`, title: `Put ${path} back`, of: id }],
  };
}

/** Notes what is there once it is. That it cannot be noted is a warning: then it is not known later that it was ours. */
function notePlaced(service: string, files: Placement["files"], host: string): UploadStep {
  const text = `${toLine(service, files)}\n`;
  return {
    kind: "upload",
    id: "note-files",
    title: `Note which files of ${service} are ours`,
    effect: "changes",
    host,
    path: `${folder}/${service}`,
    mode: "0600",
    sha256: sha256(text),
    source: { text },
    again: "safe",
    optional: true,
    undo: [],
    timeoutMs: 60_000,
  };
}

const toLine = (service: string, files: Placement["files"]): string =>
  JSON.stringify({
    service,
    files: Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)])),
  } satisfies Placed);

function parsePlaced(line: string): readonly Placed[] {
  try {
    const { service, files } = JSON.parse(line);
    const isWhole = Object.entries(files).every(
      ([path, digest]) => /^\/[^\p{Cc}\\*]+$/u.test(path) && /^[0-9a-f]{64}$/.test(`${digest}`),
    );
    return typeof service === "string" && isWhole ? [{ service, files }] : [];
  } catch {
    return [];
  }
}
