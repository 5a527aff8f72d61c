import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { InDoubt, Refused } from "../errors.ts";

/** Who carries an operation out: one process and no other, of whatever machine the folder is shared with. */
export interface DriverClaim {
  /** Throws `InDoubt` where another one has taken it over, because nothing was heard of us for long. */
  readonly expectOurs: () => void;
  readonly release: () => void;
}

export interface Driver {
  readonly pid: number;
  /** Of another machine than this one, which alone can tell it something. */
  readonly machine?: string;
}

const claimFile = (folder: string, id: string) => join(folder, `${id}.driver`);

/** Nobody sees the processes of another machine: who is alive there says so now and then, by the time of the claim. */
const aliveEveryMs = 30_000;
const silentMs = 300_000;

/** Claims an operation for this process. Throws `Refused` while another one that is alive has it. */
export function claimDriver(folder: string, id: string): DriverClaim {
  const file = claimFile(folder, id);
  const draft = `${file}.${hostname()}.${process.pid}`;
  const claim = `${describeProcess(process.pid) ?? process.pid} @${hostname()}`;
  writeFileSync(draft, claim, { mode: 0o600 });
  try {
    for (;;) {
      try {
        // Whole or not at all, and never over another one.
        linkSync(draft, file);
        return keepAlive(id, file, claim);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = readDriver(folder, id);
      if (holder !== undefined) throw heldBy(id, holder);
      removeStale(file, draft);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function keepAlive(id: string, file: string, claim: string): DriverClaim {
  const isOurs = () => readClaim(file)?.text === claim;
  const timer = setInterval(() => {
    if (isOurs()) utimesSync(file, new Date(), new Date());
  }, aliveEveryMs);
  timer.unref();
  return {
    expectOurs: () => {
      if (!isOurs()) throw new InDoubt(`${id} was taken over by somebody else: it goes on there, not here.`);
    },
    release: () => {
      clearInterval(timer);
      if (isOurs()) rmSync(file, { force: true });
    },
  };
}

/** Why nobody else may carry an operation out, or say something to it from here. */
export const heldBy = (id: string, { pid, machine }: Driver): Refused =>
  machine === undefined
    ? new Refused(`${id} is being carried out already, by process ${pid}.`, {
        hint: `scrap journal show ${id} --follow`,
      })
    : new Refused(`${id} is being carried out on ${machine}, by process ${pid} there.`, {
        hint: `Say it on ${machine}; if that died in the middle, it can be taken up from here after ${silentMs / 60_000} minutes.`,
      });

/** The process that carries it out now; undefined when there is none, or it is gone. */
export function readDriver(folder: string, id: string): Driver | undefined {
  const claim = readClaim(claimFile(folder, id));
  if (!claim) return undefined;
  const [made = "", machine = hostname()] = claim.text.split(" @");
  const pid = Number.parseInt(made, 10);
  if (machine !== hostname())
    return Math.abs(Date.now() - claim.mtimeMs) < silentMs ? { pid, machine } : undefined;
  return describeProcess(pid) === made ? { pid } : undefined;
}

function readClaim(file: string): { readonly text: string; readonly mtimeMs: number } | undefined {
  try {
    return { text: readFileSync(file, "utf8"), mtimeMs: statSync(file).mtimeMs };
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
