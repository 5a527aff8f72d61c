import type { Backend, LogOptions } from "../../contract.ts";
import type { Probe } from "../../probe.ts";
import type { Resource } from "../../resource.ts";
import { lingeringUsers } from "../users.ts";
import { deploy } from "./deploy.ts";
import { images } from "./images.ts";
import { lifecycle } from "./lifecycle.ts";
import { containersProbe, homeProbe, run, storage, users, version } from "./probes.ts";
import { containersIn, podsIn } from "./resources.ts";
import { detailsOf, scopesOf, versionOf } from "./scope.ts";

/** Containers and pods, the system's and those of users. Quadlets tell their unit. */
export const podman: Backend = {
  id: "podman",
  kind: "workload",
  title: "podman",
  looksFor: { programs: ["podman"], paths: [] },
  detect: ({ programs }) =>
    programs.has("podman") ? { present: true } : { present: false, why: "podman is not installed" },
  version,
  probes: (seen) => {
    const homes = lingeringUsers(users, seen.observations).map(homeProbe);
    const perScope = scopesOf(seen).flatMap((scope): readonly (Probe<unknown> | undefined)[] => [
      containersProbe(scope, versionOf(seen)),
      detailsOf(scope, seen),
    ]);
    return [storage, users.sessions, users.accounts, ...homes, ...perScope].filter(
      (probe) => probe !== undefined,
    );
  },
  resources: (seen, previous) =>
    scopesOf(seen).flatMap((scope) => {
      const containers = containersIn(scope, seen, previous);
      return [...containers, ...podsIn(scope, seen, containers)];
    }),
  logs,
  exec: ({ owner, name }, argv) => run(owner ? { user: owner } : {}, "podman", "exec", "--", name, ...argv),
  lifecycle,
  deploy,
  images,
};

function logs({ kind, owner, name }: Resource, { follow, lines, since }: LogOptions) {
  if (kind !== "container" && kind !== "pod") return undefined;
  const options = [
    "--timestamps",
    `--tail=${lines}`,
    ...(follow ? ["--follow"] : []),
    ...(since === undefined ? [] : [`--since=${since}`]),
  ];
  const what = kind === "pod" ? ["pod", "logs"] : ["logs"];
  return run(owner ? { user: owner } : {}, "podman", ...what, ...options, "--", name);
}
