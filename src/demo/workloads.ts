import { fractionOf } from "./stand-ins.ts";
import type { Container, Port, Project, Timer, Unit } from "./state-workloads.ts";

const day = 86_400_000;

/** Several things that belong together: a quadlet is a unit and a container, a Compose project a few containers. */
export interface Workload {
  readonly units?: readonly Unit[];
  readonly containers?: readonly Container[];
  readonly projects?: readonly Project[];
}

export function unit(name: string, description: string, more: Partial<Unit> = {}): Unit {
  return {
    name,
    description,
    active: "active",
    sub: "running",
    result: "success",
    exitCode: 0,
    exitStatus: 0,
    restarts: 0,
    path: `/etc/systemd/system/${name}`,
    enabled: "enabled",
    restart: "on-failure",
    wantedBy: ["multi-user.target"],
    ports: [],
    ...more,
  };
}

export function timer(name: string, description: string, everyMs: number): Timer {
  const path = `/etc/systemd/system/${name}.timer`;
  return { name: `${name}.timer`, description, activates: `${name}.service`, everyMs, path };
}

export const http = (number: number, inside = number): Port => ({ number, speaks: "http", inside });
export const tcp = (number: number, inside = number): Port => ({ number, speaks: "tcp", inside });

export function container(
  engine: Container["engine"],
  name: string,
  image: string,
  more: Partial<Container> = {},
): Container {
  return {
    engine,
    name,
    image,
    state: "running",
    health: "",
    exitCode: 0,
    restarts: 0,
    policy: "unless-stopped",
    createdAt: -Math.round((1 + 40 * fractionOf(`${name} created`)) * day),
    startedAt: 0,
    isInfra: false,
    ports: [],
    mounts: [],
    ...more,
  };
}

/** A container that systemd runs by podman. */
export function quadlet(name: string, image: string, more: Partial<Container> = {}): Workload {
  const { user, pod } = more;
  const folder = user === undefined ? "/etc/containers/systemd" : `/home/${user}/.config/containers/systemd`;
  const generated = user === undefined ? "/run/systemd/generator" : "/run/user/1001/systemd/generator";
  const service = unit(`${name}.service`, `Container ${name}`, {
    ...(user === undefined ? {} : { user }),
    path: `${generated}/${name}.service`,
    source: `${folder}/${name}.container`,
    enabled: "generated",
    restart: "always",
    wantedBy: [pod === undefined ? (user ? "default.target" : "multi-user.target") : `${pod}-pod.service`],
  });
  return {
    units: [service],
    containers: [container("podman", name, image, { policy: "no", unit: `${name}.service`, ...more })],
  };
}

/** Containers that share a network, and the one that holds it. */
export function pod(name: string, ports: readonly Port[], members: readonly Workload[]): Workload {
  const service = unit(`${name}-pod.service`, `Pod ${name}`, {
    path: `/run/systemd/generator/${name}-pod.service`,
    source: `/etc/containers/systemd/${name}.pod`,
    enabled: "generated",
  });
  const infra = container("podman", `${name}-infra`, "localhost/podman-pause:5.4.2-1766335321", {
    policy: "no",
    pod: name,
    isInfra: true,
    unit: service.name,
    ports,
  });
  return {
    units: [service, ...members.flatMap((each) => each.units ?? [])],
    containers: [infra, ...members.flatMap((each) => each.containers ?? [])],
  };
}

/** `services`: name → image, and what is particular about its container. */
export function compose(
  name: string,
  services: Readonly<Record<string, readonly [image: string, more?: Partial<Container>]>>,
): Workload {
  return {
    projects: [{ name, folder: `/srv/${name}` }],
    containers: Object.entries(services).map(([service, [image, more]]) =>
      container("docker", `${name}-${service}-1`, image, {
        mounts: [{ type: "bind", source: `/srv/${name}/${service}` }],
        ...more,
        project: name,
        service,
      }),
    ),
  };
}
