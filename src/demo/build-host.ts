import { fractionOf } from "./stand-ins.ts";
import type { Sensor, SimulatedHost } from "./state.ts";
import type { Moment } from "./state-time.ts";
import { debian } from "./systems.ts";
import { unit, type Workload } from "./workloads.ts";

const day = 86_400_000;

/** A host with what its description leaves open. It has been up for as long as its name says. */
export function buildHost({
  name,
  workloads = [],
  ...given
}: Partial<SimulatedHost> & {
  readonly name: string;
  readonly workloads?: readonly Workload[];
}): SimulatedHost {
  const bootedAt = -Math.round((3 + 60 * fractionOf(`${name} boot`)) * day);
  const containers = workloads.flatMap((each) => each.containers ?? []);
  const engine = containers.some((each) => each.engine === "docker") ? dockerUnits() : [];
  const host: SimulatedHost = {
    system: debian,
    cpus: 4,
    memoryKib: 16 * 1024 ** 2,
    swapKib: 0,
    usualLoad: 0.4,
    usualMemoryRatio: 0.45,
    isUp: true,
    bootedAt,
    persons: [],
    sensors: [],
    updates: [],
    rebootRequired: false,
    timers: [],
    disks: [],
    filesystems: [],
    arrays: [],
    zpools: [],
    btrfsPools: [],
    upses: [],
    repositories: [],
    journal: [],
    jobs: new Map(),
    changes: [],
    kept: new Map(),
    due: [],
    name,
    ...given,
    units: [...engine, ...workloads.flatMap((each) => each.units ?? [])],
    containers,
    projects: workloads.flatMap((each) => each.projects ?? []),
    files: new Map(workloads.flatMap((each) => Object.entries(each.files ?? {}))),
    images: new Set(containers.flatMap(({ engine, image }) => (engine === "podman" ? [image] : []))),
  };
  startAll(host);
  return host;
}

/** All that is to run was started with the host. */
export function startAll(host: SimulatedHost): void {
  const at = (index: number): Moment => host.bootedAt + 20_000 + 350 * index;
  for (const [index, each] of host.units.entries())
    Object.assign(each, {
      active: "active",
      sub: each.isOneShot ? "exited" : "running",
      result: "success",
      restarts: 0,
      exitCode: 0,
      exitStatus: 0,
      startedAt: at(index),
      changedAt: at(index),
    });
  for (const [index, container] of host.containers.entries())
    Object.assign(container, { state: "running", restarts: 0, exitCode: 0, startedAt: at(index) });
}

const ofPackage = (name: string, description: string) =>
  unit(name, description, { path: `/usr/lib/systemd/system/${name}`, restart: "always" });

/** Units change: each host has its own. */
const dockerUnits = () => [
  ofPackage("containerd.service", "containerd container runtime"),
  ofPackage("docker.service", "Docker Application Container Engine"),
];

export const cpuSensor = (usualCelsius: number): Sensor => ({
  chip: "coretemp",
  label: "Package id 0",
  criticalCelsius: 100,
  usualCelsius,
});
