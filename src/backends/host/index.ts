import type { Backend } from "../contract.ts";
import { known, lastFact, oldest, unseen } from "../known.ts";
import type { Observations, Probe, Seen } from "../probe.ts";
import type { Finding, HostFacts, ResourceOf } from "../resource.ts";
import { sayDuration } from "../words.ts";
import { isNewerInstalled } from "./kernels.ts";
import { packages } from "./packages.ts";
import { architecture, clock, kernel, load, memory, reboot, system } from "./probes.ts";
import { type Sensor, sensors, temperatures } from "./temperatures.ts";
import { packageManagers, updates } from "./updates.ts";

/** Certificates and one-time passwords bear more; a host that keeps its time at all is far below. */
const skewedMs = 2000;

/** What every host tells about itself. */
export const host: Backend = {
  id: "host",
  kind: "host",
  title: "Host",
  looksFor: packageManagers,
  detect: () => ({ present: true }),
  probes: (seen) => {
    const found = sensorsOf(seen.observations);
    const pending = updates(seen.found);
    return [
      load,
      memory,
      kernel,
      system,
      sensors,
      ...(found.length === 0 ? [] : [temperatures(found)]),
      reboot,
      architecture,
      clock,
      ...(pending ? [pending] : []),
    ];
  },
  resources: (seen) => {
    const asked = host.probes(seen);
    const at = oldest(asked.map((probe) => seen.observations.of(probe)));
    return at ? [toHost(seen, asked, at)] : [];
  },
  packages,
};

const sensorsOf = (observations: Observations): readonly Sensor[] => lastFact(observations, sensors) ?? [];

function toHost(seen: Seen, asked: readonly Probe<unknown>[], at: Date): ResourceOf<"host"> {
  const { observations } = seen;
  const skewMs = toSkewMs(observations);
  const rebootNeeded = toRebootNeeded(observations);
  const measured = toTemperatures(observations);
  const pendingProbe = updates(seen.found);
  const pending = pendingProbe && lastFact(observations, pendingProbe);
  const facts: HostFacts = known({
    ...lastFact(observations, system),
    ...lastFact(observations, kernel),
    ...lastFact(observations, load),
    ...lastFact(observations, memory),
    architecture: lastFact(observations, architecture),
    temperatures:
      measured.length === 0 ? undefined : measured.map(({ label, celsius }) => ({ label, celsius })),
    updatesPending: pending?.pending,
    securityUpdatesPending: pending?.security,
    rebootNeeded,
    clockSkewMs: skewMs,
  });
  const findings: Finding[] = [
    ...measured.flatMap(({ label, celsius, criticalCelsius }): Finding[] =>
      criticalCelsius !== undefined && celsius >= criticalCelsius
        ? [{ severity: "failed", message: `${label} is at ${celsius} °C, critical is ${criticalCelsius} °C` }]
        : [],
    ),
    ...(skewMs !== undefined && Math.abs(skewMs) > skewedMs
      ? [
          {
            severity: "warning",
            message: `clock is ${sayDuration(Math.abs(skewMs))} ${skewMs > 0 ? "ahead" : "behind"}`,
          } as const,
        ]
      : []),
    ...(rebootNeeded ? [{ severity: "warning", message: "needs a reboot to finish updates" } as const] : []),
    ...unseen(observations, asked),
  ];
  return { kind: "host", name: "host", findings, seenAt: at, is: [], uses: [], details: facts };
}

function toSkewMs(observations: Observations): number | undefined {
  const observation = observations.of(clock);
  if (observation.status !== "known") return undefined;
  const { epochMs, precisionMs } = observation.fact;
  const aheadMs = epochMs - observation.at.getTime();
  if (precisionMs === 1) return aheadMs;
  // A clock of whole seconds has cut off up to one.
  return aheadMs + precisionMs / 2;
}

function toRebootNeeded(observations: Observations): boolean | undefined {
  const looked = lastFact(observations, reboot);
  const running = lastFact(observations, kernel)?.kernel;
  if (!looked) return undefined;
  if (looked.asked) return true;
  if (looked.pinned || running === undefined) return undefined;
  return isNewerInstalled(running, looked.kernels);
}

function toTemperatures(observations: Observations) {
  const found = sensorsOf(observations);
  const measured = lastFact(observations, temperatures(found)) ?? {};
  return found.flatMap((sensor) => {
    const celsius = measured[sensor.path];
    return celsius === undefined ? [] : [{ ...sensor, celsius }];
  });
}
