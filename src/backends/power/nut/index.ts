import type { Backend } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import type { Observations } from "../../probe.ts";
import type { ResourceOf } from "../../resource.ts";
import { findingOfLoss, findingsOfStatus } from "../findings.ts";
import { configured, isSilent, namesOf, ups, upses, version } from "./probes.ts";

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
  probes: ({ observations }) => {
    const list = lastFact(observations, upses);
    const setup = list && isSilent(list) ? [configured] : [];
    return [upses, ...setup, ...namesIn(observations).map(ups)];
  },
  resources: ({ observations }) => namesIn(observations).map((name) => toResource(name, observations)),
};

/** Those that there are; while upsd is silent, those that there were, else those that there should be. */
function namesIn(observations: Observations): readonly string[] {
  const list = lastFact(observations, upses) ?? [];
  const names = namesOf(list);
  return isSilent(list) && names.length === 0 ? (lastFact(observations, configured) ?? []) : names;
}

function toResource(name: string, observations: Observations): ResourceOf<"ups"> {
  const probe = ups(name);
  const fact = lastFact(observations, probe);
  const { alarm, ...details } = fact && "status" in fact ? fact : { status: [] };
  return {
    kind: "ups",
    name,
    findings: [
      ...(fact && "lost" in fact ? [findingOfLoss(name, reasons[fact.lost], fact.lastStatus ?? [])] : []),
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
  silent: "upsd does not answer",
};
