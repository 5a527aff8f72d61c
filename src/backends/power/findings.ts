import type { DetailsOf, Finding } from "../resource.ts";
import { sayDuration, sayRatio } from "../words.ts";

type Details = DetailsOf["ups"];

const words: Readonly<Record<string, string>> = {
  RB: "needs a new battery",
  OVER: "is overloaded",
  OFF: "is switched off",
  BYPASS: "runs on bypass, without protection",
};

/** Less than it takes to shut a few hosts down in order. */
const shortMs = 300_000;

/** What a UPS says, in NUT's tokens. On battery is a warning; what ends in a shutdown has failed. Worst first. */
export function findingsOfStatus(name: string, details: Details, alarm?: string): Finding[] {
  const is = (token: string) => details.status.includes(token);
  const charge = details.chargeRatio === undefined ? "" : `, ${sayRatio(details.chargeRatio)} charged`;
  const left = details.runtimeMs === undefined ? charge : `, ${sayDuration(details.runtimeMs)} left${charge}`;
  const findings: Finding[] = [];
  if (is("FSD")) findings.push({ severity: "failed", message: `${name} is shutting its hosts down${left}` });
  else if (is("OB") && is("LB"))
    findings.push({ severity: "failed", message: `${name} is on low battery${left}` });
  else if (is("OB") && details.runtimeMs !== undefined && details.runtimeMs < shortMs)
    findings.push({ severity: "failed", message: `${name} is on battery${left}` });
  else if (is("LB")) findings.push({ severity: "failed", message: `battery of ${name} is low${left}` });
  else if (is("OB")) findings.push({ severity: "warning", message: `${name} is on battery${left}` });
  for (const [token, message] of Object.entries(words))
    if (is(token)) findings.push({ severity: "warning", message: `${name} ${message}` });
  if (is("ALARM"))
    findings.push({ severity: "warning", message: `${name} has an alarm${alarm ? `: ${alarm}` : ""}` });
  return findings;
}

/** Nobody hears the UPS any more. What it said last counts: then it may be on battery still. */
export function findingOfLoss(name: string, why: string, lastStatus: readonly string[]): Finding {
  const last = lastStatus.includes("OB") ? "; it was on battery when last seen" : "";
  return { severity: "failed", message: `${name} is not watched: ${why}${last}` };
}
