import type { Backend } from "../../contract.ts";
import { factOf, type Probe } from "../../probe.ts";
import { deploy } from "./deploy.ts";
import { lifecycle } from "./lifecycle.ts";
import { logs } from "./logs.ts";
import { clock, files, timersProbe, unitsProbe, users, version } from "./probes.ts";
import { timersIn, unitsIn } from "./resources.ts";
import { detailsOf, scopesOf, versionOf } from "./scope.ts";

/** Services and timers, the system's and those of users. */
export const systemd: Backend = {
  id: "systemd",
  kind: "workload",
  title: "systemd",
  looksFor: { programs: ["systemctl"], paths: ["/run/systemd/system"] },
  detect: ({ paths }) =>
    paths.has("/run/systemd/system")
      ? { present: true }
      : { present: false, why: "systemd does not run this host" },
  version,
  probes: (seen) => {
    const { observations } = seen;
    const perScope = scopesOf(seen).flatMap((scope): readonly (Probe<unknown> | undefined)[] => {
      const units = unitsProbe(scope, versionOf(seen));
      // Who cannot see the units cannot see more, and need not be told twice.
      const hasTimers = versionOf(seen) >= 246 && factOf(observations.of(units)) !== undefined;
      return [units, detailsOf(scope, seen), hasTimers ? timersProbe(scope) : undefined];
    });
    return [files, users.sessions, users.accounts, clock, ...perScope].filter((probe) => probe !== undefined);
  },
  resources: (seen, previous) =>
    scopesOf(seen).flatMap((scope) => [...unitsIn(scope, seen, previous), ...timersIn(scope, seen)]),
  logs,
  lifecycle,
  deploy,
};
