import { basename, dirname, join } from "node:path";
import type { DeclaredFile } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import type { From } from "../inventory/service.ts";
import { sha256 } from "../plan/digest.ts";
import { listOwnFolder, type Planning, type PlanningAnswers, readOwnFiles } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";

/** A file of ours that is to be put on a host. */
export interface OwnFile extends DeclaredFile {
  /** Absolute. */
  readonly file: string;
  readonly sha256: string;
  /** Octal, as it will be on the host. */
  readonly mode: string;
}

/** Texts of files of ours as they will be once the plan has changed them, by their absolute path. */
export type Edited = ReadonlyMap<string, string>;

// What editors, versioning and desktops leave behind.
const litter = /(?:^|\/)(?:\.git\/.*|\.DS_Store|.*~|\.[^/]*\.sw.|#[^/]*#)$/;

/** All that a service is put in place from. Throws `Refused` where it is not there, or no text. */
export function* readDeclared(
  from: Exclude<From, { kind: "playbook" }>,
  { inventory }: Pick<Ground, "inventory">,
  edited: Edited = new Map(),
): Planning<readonly OwnFile[]> {
  const folder = from.kind === "files" ? from.folder : dirname(from.file);
  // Beside the inventory lies more than the files of one service.
  const isAlone = from.kind === "manifest" || (from.kind === "compose" && isAbove(folder, inventory.file));
  const names = "file" in from && isAlone ? [basename(from.file)] : yield* listOwnFolder(folder);
  const wanted = (names ?? []).filter((name) => !litter.test(name));
  const strange = wanted.find((name) => /[\p{Cc}\\*]/u.test(name));
  if (strange !== undefined)
    throw new Refused(`${join(folder, strange)}: such a name is not sent to a host.`);
  if (wanted.length === 0) throw new Refused(`${folder} has no files.`);
  const files = wanted.map((name) => join(folder, name));
  const answers = yield* readOwnFiles(files);
  return wanted.map((name, index) => toOwnFile(name, files[index] ?? "", answers[index], edited));
}

const isAbove = (folder: string, file: string | undefined) =>
  file !== undefined && `${file}/`.startsWith(`${folder}/`);

function toOwnFile(name: string, file: string, answer: PlanningAnswers["file"], edited: Edited): OwnFile {
  if (!answer) throw new Refused(`${file} is not there.`);
  if (sha256(answer.text) !== answer.sha256)
    throw new Refused(`${file} is no text: only text is sent to hosts.`, {
      hint: "Put it into the image, or have a playbook copy it.",
    });
  const text = edited.get(file) ?? answer.text;
  return { name, file, text, sha256: sha256(text), mode: toMode(answer.mode) };
}

/** Who may read and run it here may so there; nobody but its owner writes. */
function toMode(mode: number): string {
  const mask = mode & 0o004 ? 0o777 : mode & 0o040 ? 0o770 : 0o700;
  return `0${((mode & 0o100 ? 0o755 : 0o644) & mask).toString(8)}`;
}
