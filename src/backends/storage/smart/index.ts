import type { Backend } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import { type Answer, answerOf, type Observations } from "../../probe.ts";
import type { Finding, Reference, ResourceOf } from "../../resource.ts";
import { findingsBefore, findingsOf } from "./findings.ts";
import type { Health } from "./health.ts";
import { type Device, devices, health, itemOf, version } from "./probes.ts";

/** How disks do, by their own account. */
export const smart: Backend = {
  id: "smart",
  kind: "storage",
  title: "SMART",
  looksFor: { programs: ["smartctl"], paths: [] },
  detect: ({ programs }) =>
    programs.has("smartctl") ? { present: true } : { present: false, why: "smartmontools is not installed" },
  version,
  probes: ({ observations }) => [devices, ...(lastFact(observations, devices) ?? []).map(health)],
  resources: ({ observations }, previous) => {
    const found = lastFact(observations, devices) ?? [];
    const serialOf = (device: Device) => {
      const fact = lastFact(observations, health(device));
      return (fact?.isAsleep ? fact.last?.fact : fact)?.serial;
    };
    const serials = found.map(serialOf);
    return found.flatMap((device) => {
      const serial = serialOf(device);
      const isUnique = serials.filter((other) => other === serial).length === 1;
      return toDisk(device, isUnique, observations, previous) ?? [];
    });
  },
};

function toDisk(
  device: Device,
  hasOwnSerial: boolean,
  observations: Observations,
  previous: Observations,
): ResourceOf<"disk"> | undefined {
  const probe = health(device);
  const answer = answerOf(observations.of(probe));
  const now = answer?.fact;
  // Asleep it does not even tell its name.
  const about = now?.isAsleep ? now.last?.fact : now;
  const asked = [devices, probe] as const;
  const seenAt = oldest(asked.map((each) => observations.of<unknown>(each)));
  const unknown = unseen(observations, asked);
  if (!seenAt || now?.isSupported === false || (!now && unknown.length === 0)) return undefined;
  const name = itemOf(device).replace(/^\/dev\//, "");
  return {
    kind: "disk",
    name,
    findings: [...(answer ? findingsNow(name, answer, lastFact(previous, probe)) : []), ...unknown],
    seenAt,
    is: toNames(device, hasOwnSerial ? about?.serial : undefined),
    uses: [],
    details: known({
      path: device.path,
      model: about?.model,
      serial: about?.serial,
      sizeBytes: about?.sizeBytes,
      rotational: about?.rotationRate === undefined ? undefined : about.rotationRate > 0,
      smart: now && smartOf(now),
      temperatureCelsius: now?.temperatureCelsius,
      powerOnHours: now?.powerOnHours,
      wearRatio: now?.wearRatio,
    }),
  };
}

function findingsNow(name: string, answer: Answer<Health>, before: Health | undefined): Finding[] {
  const { fact } = answer;
  const own = fact.isAsleep ? [] : findingsOf(name, fact, before?.isAsleep ? before.last?.fact : before);
  return [...findingsBefore(name, answer), ...own];
}

/** A disk behind a RAID controller shares its path with others. */
const toNames = ({ path, type }: Device, serial: string | undefined): Reference[] => [
  ...(type === undefined ? [`device:${path}` as const] : []),
  ...(serial === undefined ? [] : [`serial:${serial}` as const]),
];

function smartOf({ isAsleep, passed }: Health): "passed" | "failed" | "asleep" | undefined {
  if (isAsleep) return "asleep";
  return passed === undefined ? undefined : passed ? "passed" : "failed";
}
