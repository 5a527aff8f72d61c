import { parseRecord, recordsFolder, type ScheduledJob } from "../backends/backup/schedule/probes.ts";
import { Refused } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Service } from "../inventory/service.ts";
import { askHost, type Planning } from "../plan/planning.ts";
import { toTagWord } from "../plan/snapshot-tag.ts";
import { type Job, jobsOf } from "../schedule/jobs.ts";

/** A job that is on a host. */
export interface Installed extends Omit<ScheduledJob, "runs"> {
  readonly host: string;
}

/** What was put there for services, as the records of these hosts tell now. */
export function* findInstalled(hosts: readonly string[]): Planning<readonly Installed[]> {
  const found: Installed[] = [];
  for (const host of hosts) {
    const script = `for f in "$1"/*; do [ ! -f "$f" ] || printf '%s\\t%s\\n' "\${f##*/}" "$(head -n 1 "$f")"; done`;
    const output = yield* askHost(host, { argv: ["sh", "-c", script, "scrap", recordsFolder] });
    for (const line of output.stdout.split("\n")) {
      const [name = "", ...rest] = line.split("\t");
      const job = parseRecord(name, rest.join("\t"));
      if (job) found.push({ ...job, host });
    }
  }
  return found;
}

/** Of one service. Throws `Refused` where there are none, or files of another would be written over. */
export function declaredJobs(service: Service, inventory: Inventory): readonly Job[] {
  const jobs = jobsOf(service, inventory);
  if (jobs.length === 0)
    throw new Refused(`${service.name} declares nothing that could be done on a schedule.`, {
      hint: `services › ${service.name} › snapshots: { every: 1h }, or backups: [{ to: REPOSITORY, every: 1d }]`,
    });
  const word = toTagWord(service.name);
  const other = [...inventory.services.keys()].find(
    (name) => name !== service.name && toTagWord(name) === word,
  );
  if (other !== undefined)
    throw new Refused(
      `${service.name} and ${other} have the same name where only lower case, digits and - are told apart.`,
      {
        hint: "One of them needs another name.",
      },
    );
  return jobs;
}
