import type { Backend, Observations, ResourceOf } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import { findingOfLoss, findingsOfStatus } from "../findings.ts";
import { type Ups, ups, upses, version } from "./probes.ts";

/** UPSes whose server is this host. A client of another server sees nothing that the server does not. */
export const nut: Backend = {
  id: "nut",
  kind: "power",
  title: "NUT",
  looksFor: { programs: ["upsc", "upsd"], paths: [] },
  detect: ({ programs }) =>
    programs.has("upsc") && programs.has("upsd")
      ? { present: true }
      : { present: false, why: "this host is no NUT server" },
  version,
  probes: ({ observations }) => [upses, ...namesIn(observations).map(ups)],
  resources: ({ observations }, previous) =>
    namesIn(observations).map((name) => toResource(name, observations, previous)),
};

const namesIn = (observations: Observations) => lastFact(observations, upses) ?? [];

function toResource(name: string, observations: Observations, previous: Observations): ResourceOf<"ups"> {
  const probe = ups(name);
  const fact = lastFact(observations, probe);
  const { alarm, ...details } = fact && "status" in fact ? fact : { status: [] };
  return {
    kind: "ups",
    name,
    findings: [
      ...(fact && "lost" in fact
        ? [findingOfLoss(name, reasons[fact.lost], statusOf(lastFact(previous, probe)))]
        : []),
      ...findingsOfStatus(name, details, alarm),
      ...unseen(observations, [upses, probe]),
    ],
    seenAt: oldest([upses, probe].map((each) => observations.of<unknown>(each))) ?? new Date(0),
    is: [`ups:${name}`],
    uses: [],
    details: known(details),
  };
}

const reasons = {
  stale: "its data is stale, the driver does not answer",
  disconnected: "its driver is not running",
  unknown: "upsd does not know it",
};

const statusOf = (ups: Ups | undefined) => (ups && "status" in ups ? ups.status : []);
