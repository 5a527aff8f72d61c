import type { Backend, DetailsOf, Finding } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import { findingOfLoss, findingsOfStatus } from "../findings.ts";
import { status, type Ups } from "./probes.ts";

/** The UPS of this host's apcupsd. */
export const apcupsd: Backend = {
  id: "apcupsd",
  kind: "power",
  title: "apcupsd",
  looksFor: { programs: ["apcaccess", "apcupsd"], paths: [] },
  detect: ({ programs }) =>
    programs.has("apcaccess") && programs.has("apcupsd")
      ? { present: true }
      : { present: false, why: "apcupsd is not installed" },
  probes: () => [status],
  resources: ({ observations }, previous) => {
    const ups = lastFact(observations, status);
    const seenAt = oldest([observations.of(status)]);
    if (!ups || !seenAt) return [];
    return [
      {
        kind: "ups",
        name: ups.name,
        findings: [...findingsOf(ups, lastFact(previous, status)), ...unseen(observations, [status])],
        seenAt,
        is: [`ups:${ups.name}`],
        uses: [],
        details: detailsOf(ups),
      },
    ];
  },
};

/** What it said before it was lost is old. */
function detailsOf({ name: _, isLost, ...details }: Ups): DetailsOf["ups"] {
  return isLost ? known({ status: [], model: details.model }) : details;
}

const findingsOf = (ups: Ups, before: Ups | null | undefined): Finding[] =>
  ups.isLost
    ? [findingOfLoss(ups.name, "apcupsd has lost the connection to it", before?.status ?? [])]
    : findingsOfStatus(ups.name, detailsOf(ups));
