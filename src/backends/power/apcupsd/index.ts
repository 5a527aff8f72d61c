import type { Found } from "../../../command/answers.ts";
import type { Backend } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import type { Seen } from "../../probe.ts";
import type { DetailsOf, Finding } from "../../resource.ts";
import { findingOfLoss, findingsOfStatus } from "../findings.ts";
import { configured, status, type Ups } from "./probes.ts";

/** How the daemon is started at boot: systemd, OpenRC, SysV. */
const starts = [
  "/etc/systemd/system/multi-user.target.wants/apcupsd.service",
  "/etc/runlevels/default/apcupsd",
  "/etc/rc3.d/S*apcupsd",
];

const isEnabled = ({ paths }: Found) =>
  [...paths].some((path) => starts.includes(path) || /\/S\d+apcupsd$/.test(path));

/** The UPS of this host's apcupsd. */
export const apcupsd: Backend = {
  id: "apcupsd",
  kind: "power",
  title: "apcupsd",
  looksFor: { programs: ["apcaccess", "apcupsd"], paths: starts },
  detect: ({ programs }) =>
    programs.has("apcaccess") && programs.has("apcupsd")
      ? { present: true }
      : { present: false, why: "apcupsd is not installed" },
  probes: ({ found, observations }) =>
    lastFact(observations, status) === null && isEnabled(found) ? [status, configured] : [status],
  resources: (seen) => {
    const { observations } = seen;
    const ups = lastFact(observations, status) ?? missedIn(seen);
    const seenAt = oldest([observations.of(status)]);
    if (!ups || !seenAt) return [];
    return [
      {
        kind: "ups",
        name: ups.name,
        findings: [...findingsOf(ups), ...unseen(observations, [status])],
        seenAt,
        is: [`ups:${ups.name}`],
        uses: [],
        details: detailsOf(ups),
      },
    ];
  },
};

/** The one that there should be: the daemon is enabled, configured, and was never heard of. */
function missedIn({ found, observations }: Seen): Ups | undefined {
  const isMissed = isEnabled(found) && lastFact(observations, configured) === true;
  return isMissed && lastFact(observations, status) === null
    ? { name: "ups", status: [], isLost: true, isSilent: true }
    : undefined;
}

/** What it said before it was lost is old. */
const detailsOf = ({ status, isLost, model, chargeRatio, runtimeMs, loadRatio }: Ups): DetailsOf["ups"] =>
  isLost ? known({ status: [], model }) : known({ status, model, chargeRatio, runtimeMs, loadRatio });

function findingsOf(ups: Ups): Finding[] {
  if (!ups.isLost) return findingsOfStatus(ups.name, detailsOf(ups));
  const why = ups.isSilent ? "apcupsd does not answer" : "apcupsd has lost the connection to it";
  return [findingOfLoss(ups.name, why, ups.lastStatus ?? [])];
}
