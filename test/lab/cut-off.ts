import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { type Run, scrap } from "./scrap.ts";
import { attempt, sleep } from "./shell.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

/** All points, which takes many minutes; else a few of them. */
export const isEvery = Boolean(process.env["SCRAP_EVERY_POINT"]);

const hasStrace = (await attempt(["which", "strace"]).catch(() => ({ code: 1 }))).code === 0;
export const whyNoCuts = hasStrace ? undefined : "needs strace";

/** When a job can be cut off on its host: before and after its claim, its start, and its exit code. */
export const moments = ["claimed", "started", "ran", "ended"] as const;

const bin = fileURLToPath(new URL("../../bin/scrap", import.meta.url));

interface Ground {
  readonly host: string;
  readonly service: string;
  /** `upgrade`, as it stands in ids. */
  readonly operation: string;
  /** Where journals are kept: `XDG_STATE_HOME`. */
  readonly state: string;
  readonly inventory: string;
}

/** Cuts one operation after the other off, here and on its host. Others may hold that host at times. */
export function createCuts({ host, service, operation, state, inventory }: Ground) {
  const journals = join(state, "scrap/journal");
  mkdirSync(journals, { recursive: true, mode: 0o700 });
  const journalOf = (id: string) => join(journals, `${id}.jsonl`);
  const trap = `/run/cut-off-${service}`;

  /** Kills the program as it syncs that file for the time of that number. */
  const killed = (nth: number, path: string, ...argv: readonly string[]) => {
    const strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-P", path];
    const inject = ["-e", `inject=fsync:signal=KILL:when=${nth}`];
    return attempt([...strace, ...inject, bin, "--inventory", inventory, ...argv], {
      input: "",
      seconds: 170,
    });
  };

  /** Writes that plan down, and dies before anybody carries it out. Returns its id; the host is kept for it. */
  async function plan(...words: readonly string[]): Promise<string> {
    const file = join(state, `${Date.now()}.json`);
    const run = await scrap([...words, "--dry-run", "--out", file], inventory);
    expect({ ...run, exitCode: run.exitCode }).toMatchObject({ exitCode: 8 });
    // The folder is synced once the plan is whole.
    await killed(1, journals, "apply", file, "--yes");
    const { id } = JSON.parse(readFileSync(file, "utf8"));
    await onHost(
      host,
      `cd /var/lib/scrap; printf '%s\\n' ${id} test@here test "$(date +%s)" "$(cat /proc/sys/kernel/random/boot_id)" >lock.${id}
       until ln lock.${id} lock 2>/dev/null; do sleep 0.1; done; rm lock.${id}`,
      170,
    );
    return id;
  }

  /** Undefined where somebody else held the host before anything was begun. */
  async function resume(id: string): Promise<Run | undefined> {
    for (let tries = 0; ; tries += 1) {
      const run = await scrap(["resume", id], inventory);
      if (!isHeld(run)) return run;
      if (run.exitCode === 6) return undefined;
      if (tries === 60) return run;
      await sleep(1_000);
    }
  }

  /** Carries it out, and kills who does so at its sync of that number. Undefined where it was not: it is whole. */
  async function cutHere(id: string, nth: number): Promise<string | undefined | "held"> {
    const { code } = await killed(nth, journalOf(id), "drive", id);
    const written = readFileSync(journalOf(id), "utf8");
    if (isHeld({ stdout: written, stderr: "" })) return "held";
    if (code === 0) return undefined;
    const { kind, step = "" } = JSON.parse(written.trim().split("\n").at(-1) ?? "");
    return `${kind} ${step}`.trim();
  }

  /** Has that job killed at that moment, with all that it started, once. */
  async function cutThere(id: string, job: string, moment: string): Promise<Run | undefined> {
    // What an operation begins on a host is a unit of its own: only there the way of programs is another one.
    const folder = `/run/systemd/system/scrap-${id.replace(/[^-]*$/, "")}.service.d`;
    await onHost(
      host,
      `mkdir -p ${trap}/bin ${folder}
       ${inTheWay("ln", "started", "claimed", "started")}
       ${inTheWay("mv", "exit", "ran", "ended")}
       echo ${moment} ${id}.${job} >${trap}/point
       printf '[Service]\\nEnvironment=PATH=${trap}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\\n' >${folder}/cut-off.conf
       systemctl daemon-reload`,
    );
    const run = await resume(id);
    if (run === undefined) return undefined;
    // It was in the way, or nothing was tried.
    const { out: left } = await tryOnHost(host, `cat ${trap}/point`);
    expect({ job, moment, left, said: left === "" ? "" : run.stdout + run.stderr }).toEqual({
      job,
      moment,
      left: "",
      said: "",
    });
    return run;
  }

  const inTheWay = (program: string, file: string, before: string, after: string) => `
cat >${trap}/bin/${program} <<'END'
#!/bin/sh
when= job=
[ -e ${trap}/point ] && read -r when job <${trap}/point
[ "$2" = "/var/lib/scrap/jobs/$job/${file}" ] || exec /usr/bin/${program} "$@"
[ $when = ${before} ] && rm ${trap}/point && kill -KILL 0
/usr/bin/${program} "$@" || exit
[ $when = ${after} ] && rm ${trap}/point && kill -KILL 0
exit 0
END
chmod 755 ${trap}/bin/${program}`;

  /** What it leaves on the host, if a test failed: in the way of nobody. */
  const tearDown = () =>
    tryOnHost(
      host,
      `exec 2>/dev/null
       rm -rf ${trap} /run/systemd/system/scrap-*-${operation}-${service}-.service.d; systemctl daemon-reload
       rm -rf /var/lib/scrap/jobs/*-${operation}-${service}-*
       grep -qs -e -${operation}-${service}- /var/lib/scrap/lock && rm /var/lib/scrap/lock; true`,
    );

  return { plan, resume, cutHere, cutThere, tearDown };
}

export const isHeld = ({ stdout, stderr }: Pick<Run, "stdout" | "stderr">): boolean =>
  /is held by/.test(stdout + stderr);

/** Others may hold the host for a while: then it is tried from its beginning. */
export async function untilFree<Result>(attemptOne: () => Promise<Result | undefined>): Promise<Result> {
  for (let tries = 0; tries < 60; tries += 1) {
    const result = await attemptOne();
    if (result !== undefined) return result;
    await sleep(1_000);
  }
  throw new Error("the host was held all the time");
}
