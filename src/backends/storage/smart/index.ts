import type { Backend, Observations, Reference, ResourceOf } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import { findingsOf } from "./findings.ts";
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
    const serials = found.map((device) => lastFact(observations, health(device))?.serial);
    return found.flatMap((device) => {
      const serial = lastFact(observations, health(device))?.serial;
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
  const now = lastFact(observations, probe);
  const asked = [devices, probe] as const;
  const seenAt = oldest(asked.map((each) => observations.of<unknown>(each)));
  const unknown = unseen(observations, asked);
  if (!seenAt || now?.isSupported === false || (!now && unknown.length === 0)) return undefined;
  const name = itemOf(device).replace(/^\/dev\//, "");
  return {
    kind: "disk",
    name,
    findings: [...(now ? findingsOf(name, now, lastFact(previous, probe)) : []), ...unknown],
    seenAt,
    is: toNames(device, hasOwnSerial ? now?.serial : undefined),
    uses: [],
    details: known({
      path: device.path,
      model: now?.model,
      serial: now?.serial,
      sizeBytes: now?.sizeBytes,
      rotational: now?.rotationRate === undefined ? undefined : now.rotationRate > 0,
      smart: now && smartOf(now),
      temperatureCelsius: now?.temperatureCelsius,
      powerOnHours: now?.powerOnHours,
      wearRatio: now?.wearRatio,
    }),
  };
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
