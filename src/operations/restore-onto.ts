import { Refused, UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Service } from "../inventory/service.ts";
import { sight } from "../model/placement.ts";
import type { Ground } from "./ground.ts";
import type { Target } from "./target.ts";

/** A service as it is on the host where its data is to be. Throws `Refused` while it runs on another one. */
export function targetOn(
  target: Target & { readonly known?: { readonly runsOn: readonly string[] } },
  to: string | undefined,
  { inventory, homelab, backends }: Ground,
): Target {
  if (to === undefined || to === target.host) return target;
  const host = inventory.hosts.get(to);
  if (!host) throw new UsageError(`No host is named ${to}${didYouMean(to, [...inventory.hosts.keys()])}`);
  if (host.protected) throw new Refused(`${to} is protected: it is never changed.`);
  const running = target.known?.runsOn.filter((other) => other !== to) ?? [];
  if (running.length > 0)
    throw new Refused(
      `${target.name} runs on ${running.join(" and ")}: two of it must never write at once.`,
      { hint: `scrap stop ${target.name}` },
    );
  if (homelab.hosts.some(({ name, state }) => name === to && state === "unreachable"))
    throw new Refused(`${to} is not reachable.`);
  const { main: _, backend: __, ...rest } = target;
  const main =
    target.service &&
    sight(
      target.service,
      homelab.resources.filter(({ host }) => host === to),
    )?.main;
  const backend = backends.find(({ id }) => id === main?.backend);
  return { ...rest, host: to, ...(main ? { main } : {}), ...(backend ? { backend } : {}) };
}

/** Where its data lies. Throws `Refused` where that is more than one host: what is swapped on one of them must be so on all. */
export function hostOfData({ name, data }: Service, host: string): string {
  const [only = host, ...others] = [...new Set(data.map(({ on }) => on ?? host))];
  if (others.length === 0) return only;
  throw new Refused(
    `The data of ${name} lies on ${[only, ...others].join(" and ")}: it is not restored on several hosts at once.`,
  );
}
