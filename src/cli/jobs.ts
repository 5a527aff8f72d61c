import { Failure, UnreachableError } from "../errors.ts";
import type { JobRecord, JobState } from "../execute/host-jobs.ts";
import type { Lock } from "../execute/host-script.ts";
import { toAge } from "../words.ts";
import { loadHosts } from "./asking.ts";
import type { Context } from "./context.ts";
import type { ReadOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import type { Style } from "./style.ts";
import { drawTable } from "./table.ts";

interface Surveyed {
  readonly host: string;
  readonly lock?: Lock;
  readonly jobs: readonly JobRecord[];
}

/** `scrap jobs`: what the hosts themselves know. Resolves with the exit code. */
export async function jobs(
  context: Context,
  options: ReadOptions & { readonly host?: readonly string[] },
): Promise<number> {
  const format = toFormat(options);
  const { inventory, hosts } = await loadHosts(context, options.host ?? [], options);
  const operations = await context.operations(options);
  const session = await context.open(inventory, options);
  try {
    const answers = await Promise.allSettled(hosts.map((host) => operations.survey(host, session.transport)));
    const seen: Surveyed[] = [];
    let exitCode = 0;
    for (const [index, answer] of answers.entries()) {
      const host = hosts[index] ?? "";
      if (answer.status === "fulfilled") {
        seen.push({ host, ...answer.value });
        continue;
      }
      if (!(answer.reason instanceof Failure)) throw answer.reason;
      context.complain(`${host}: ${answer.reason.message}`);
      exitCode = Math.max(exitCode, answer.reason instanceof UnreachableError ? 3 : 1);
    }
    if (format === "json" || format === "yaml")
      context.print(await printDocument({ version: 1, hosts: seen }, format));
    else if (format === "name") for (const { jobs } of seen) for (const { id } of jobs) context.print(id);
    else context.print(draw(seen, context.style, new Date()));
    return exitCode;
  } finally {
    await session.close();
  }
}

function draw(seen: readonly Surveyed[], style: Style, now: Date): string {
  const held = seen.flatMap(({ host, lock }) =>
    lock
      ? `${style.strong(host)} is held by ${lock.owner}, ${toAge(lock.since, now)}: ${lock.title} (${lock.operation})`
      : [],
  );
  const rows = seen.flatMap(({ host, jobs }) => jobs.map((job) => ({ host, ...job })));
  const newest = rows.sort((a, b) => Number(b.submittedAt ?? 0) - Number(a.submittedAt ?? 0));
  const table =
    rows.length === 0
      ? style.muted("No host keeps a record of a job.")
      : drawTable(
          newest,
          [
            { title: "HOST", cell: ({ host }) => host, essential: true },
            { title: "STATE", cell: ({ state }) => describeState(state, style), essential: true },
            { title: "SUBMITTED", cell: ({ submittedAt }) => (submittedAt ? toAge(submittedAt, now) : "?") },
            { title: "JOB", cell: ({ id }) => id },
            { title: "BY", cell: ({ owner }) => owner },
            { title: "COMMAND", cell: ({ says }) => says, flexible: true },
          ],
          style,
        );
  return [...held, ...(held.length > 0 ? [""] : []), table].join("\n");
}

const words: Record<Exclude<JobState["word"], "finished">, string> = {
  none: "unknown",
  claimed: "not begun yet",
  never: "cancelled before it began",
  running: "running",
  killed: "killed",
  rebooted: "cut off by a restart of the host",
};

function describeState(state: JobState, style: Style): string {
  if (state.word === "finished")
    return state.exitCode === 0
      ? `${style.sign("ok")} done`
      : `${style.sign("failed")} ${style.paint("failed", `exit ${state.exitCode}`)}`;
  const isWell = state.word === "running" || state.word === "claimed" || state.word === "never";
  return `${style.sign(isWell ? "ok" : "failed")} ${words[state.word]}`;
}
