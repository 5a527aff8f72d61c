import { isWhyNot, type PackageUpgrade } from "../backends/verbs.ts";
import { Refused, UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Plan, Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import { healthGate } from "./health-gate.ts";
import { rebootSteps, seeNoReboot } from "./reboot.ts";
import { findTarget } from "./target.ts";

export interface HostUpgradeRequest {
  readonly verb: "upgrade-host";
  /** A host. */
  readonly name: string;
  /** Start it anew when it needs that. */
  readonly reboot?: boolean;
}

/** Upgrades the packages of a host's operating system, and sees that its services are as well as they were. */
export function* planHostUpgrade({ name: host, reboot }: HostUpgradeRequest, ground: Ground): Planning<Plan> {
  const { inventory, backends, homelab } = ground;
  const declared = inventory.hosts.get(host);
  if (!declared)
    throw new UsageError(`There is no host ${host}${didYouMean(host, [...inventory.hosts.keys()])}`);
  if (declared.protected)
    throw new Refused(`${host} is protected: it is never changed.`, {
      hint: "`protected: true` in the inventory says so.",
    });
  if (homelab.hosts.some(({ name, state }) => name === host && state === "unreachable"))
    throw new Refused(`${host} is not reachable.`);
  const verbs = backends.flatMap(({ packages }) => packages ?? []);
  const [first] = verbs;
  const upgrade = first
    ? yield* first.upgrade(host)
    : { whyNot: `Nothing here knows the packages of ${host}.` };
  if (isWhyNot(upgrade)) throw new Refused(upgrade.whyNot, { hint: upgrade.hint });
  const needsReboot = homelab.hosts.find(({ name }) => name === host)?.facts.rebootNeeded ?? false;
  const hasKernel = upgrade.packages.some(({ name }) => name.startsWith("linux-image-"));
  const isDue = upgrade.steps.length > 0 || (reboot && needsReboot);
  const rebooting =
    reboot && isDue ? yield* rebootSteps(host, hasKernel || needsReboot) : [seeNoReboot(host)];
  const well = wellAfter(host, ground);
  return {
    format: 1,
    id: ground.id,
    operation: "upgrade-host",
    title: `Upgrade the packages of ${host}`,
    madeAt: ground.now.toISOString(),
    services: well.services,
    hosts: [host],
    basis: upgrade.basis,
    onFailure: "stop",
    steps: isDue ? [...upgrade.steps, ...rebooting, ...well.steps] : [],
    notes: [
      ...toNotes(upgrade),
      ...(needsReboot && !reboot ? [`${host} needs to be started anew: --reboot does that.`] : []),
    ],
  };
}

/** What is well now is to be well afterwards. */
function wellAfter(
  host: string,
  ground: Ground,
): { readonly steps: readonly Step[]; readonly services: readonly string[] } {
  const services = ground.homelab.services
    .filter(({ runsOn, health }) => runsOn.length === 1 && runsOn[0] === host && health === "ok")
    .map(({ service }) => service.name);
  return {
    services,
    steps: services.map((name, index) =>
      healthGate(`well-${index + 1}`, findTarget(name, ground), ground, {
        steadyMs: 3_000,
        timeoutMs: 300_000,
      }),
    ),
  };
}

const mostPackages = 40;

function toNotes({ packages, keptBack }: PackageUpgrade): readonly string[] {
  const security = packages.filter(({ isSecurity }) => isSecurity).length;
  return [
    ...(packages.length > 0
      ? [`${packages.length} package${packages.length === 1 ? "" : "s"}, ${security} for security:`]
      : []),
    ...packages
      .slice(0, mostPackages)
      .map(
        ({ name, from, to, isSecurity }) =>
          `  ${name} ${from ?? "(new)"} → ${to}${isSecurity ? "  (security)" : ""}`,
      ),
    ...(packages.length > mostPackages ? [`  and ${packages.length - mostPackages} more`] : []),
    ...(keptBack.length > 0
      ? [`kept back, because something would have to be removed: ${keptBack.join(", ")}`]
      : []),
  ];
}
