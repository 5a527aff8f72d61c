import { Refused } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Service } from "../inventory/service.ts";
import type { KnownJob } from "../model/scheduled.ts";
import { toTagWord } from "../plan/snapshot-tag.ts";
import { type Job, jobsOf } from "../schedule/jobs.ts";
import type { Ground } from "./ground.ts";
import { hostsAround } from "./services-meant.ts";

/** What is on the hosts around a service for it, as they told just now; and those of which nobody knows. */
export function scheduledFor(
  service: Service,
  { homelab, inventory }: Pick<Ground, "homelab" | "inventory">,
): { readonly jobs: readonly KnownJob[]; readonly unknown: readonly string[] } {
  const hosts = [...new Set(hostsAround(service, inventory))].flatMap((name) =>
    homelab.hosts.filter((host) => host.name === name),
  );
  const isSilent = ({ probes, state }: (typeof hosts)[number]) =>
    state === "unreachable" || (probes["schedule.records"] ?? { status: "known" }).status !== "known";
  return {
    jobs: hosts.flatMap(({ scheduled = [] }) => scheduled.filter((job) => job.service === service.name)),
    unknown: hosts.filter(isSilent).map(({ name }) => name),
  };
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
