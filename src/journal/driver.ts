import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refused } from "../errors.ts";

/** Who carries an operation out on this machine: one process and no other. */
export interface DriverClaim {
  readonly release: () => void;
}

const claimFile = (folder: string, id: string) => join(folder, `${id}.driver`);

/** Claims an operation for this process. Throws `Refused` while another one that is alive has it. */
export function claimDriver(folder: string, id: string): DriverClaim {
  const file = claimFile(folder, id);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, describeProcess(process.pid) ?? `${process.pid}`, { mode: 0o600 });
  try {
    for (;;) {
      try {
        // Whole or not at all, and never over another one.
        linkSync(draft, file);
        return { release: () => rmSync(file, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = readDriver(folder, id);
      if (holder !== undefined)
        throw new Refused(`${id} is being carried out already, by process ${holder}.`, {
          hint: `scrap journal show ${id} --follow`,
        });
      removeStale(file, draft);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The process that carries it out now; undefined when there is none, or it is gone. */
export function readDriver(folder: string, id: string): number | undefined {
  try {
    const claim = readFileSync(claimFile(folder, id), "utf8");
    const pid = Number.parseInt(claim, 10);
    return describeProcess(pid) === claim ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Another one may have taken it over in the meantime: what was taken away by mistake is put back. */
function removeStale(file: string, draft: string): void {
  const aside = `${draft}.stale`;
  try {
    const stale = readFileSync(file, "utf8");
    renameSync(file, aside);
    if (readFileSync(aside, "utf8") !== stale) linkSync(aside, file);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** A number of a process is used again: when it was started tells them apart, where the system says it. */
function describeProcess(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return /[ZX]/.test(state) ? undefined : `${pid} ${fields[18]} ${bootId}`;
  } catch {
    return `${pid}`;
  }
}
