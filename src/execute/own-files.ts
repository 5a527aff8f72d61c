import { randomBytes } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { CommandFailed, Refused } from "../errors.ts";
import { sha256 } from "../plan/digest.ts";
import type { EditStep, UploadStep } from "../plan/plan.ts";

/** Of a file of ours; `absent` where there is none. */
export async function digestOf(file: string): Promise<string> {
  try {
    return sha256(await readFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "absent";
    throw new CommandFailed(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** What an upload sends. Throws `Refused` when the file is not the one of the plan any more. */
export async function readSource({ source, sha256: wanted }: UploadStep): Promise<string> {
  const text = "text" in source ? source.text : await readOwn(source.file);
  if (sha256(text) !== wanted)
    throw new Refused(`${"file" in source ? source.file : "the text"} is not what the plan was made with.`, {
      hint: "Plan it again.",
    });
  return text;
}

async function readOwn(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CommandFailed(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Is the change made already (`after`), still to be made (`before`), or is it another file by now (`other`)? */
export async function stateOfEdit(step: EditStep): Promise<"before" | "after" | "other"> {
  const digest = await digestOf(step.file);
  if (digest === step.sha256After) return "after";
  return digest === step.sha256Before ? "before" : "other";
}

/** Writes the new file beside the old one and then over it, so that it is whole at each moment. */
export async function makeEdit(step: EditStep): Promise<void> {
  const { offset, was, becomes } = step;
  // A link stays one: what it leads to is changed.
  const file = await realpath(step.file).catch(() => step.file);
  const text = await readOwn(file);
  const changed = `${text.slice(0, offset)}${becomes}${text.slice(offset + was.length)}`;
  if (sha256(changed) !== step.sha256After)
    throw new Refused(`${file} is not what the plan was made with.`, { hint: "Plan it again." });
  const { mode, uid, gid } = await stat(file);
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    const handle = await open(draft, "wx", mode);
    try {
      await handle.writeFile(changed);
      await handle.chown(uid, gid).catch(() => {});
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    const folder = await open(dirname(file), "r");
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    await rm(draft, { force: true });
    throw new CommandFailed(`${file} cannot be changed: ${(error as Error).message}`);
  }
}
