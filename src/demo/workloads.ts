import { wordQuadlet } from "./quadlets.ts";
import { fractionOf } from "./stand-ins.ts";
import type { StoredFile } from "./state.ts";
import type { Container, Port, Project, Timer, Unit } from "./state-workloads.ts";

const day = 86_400_000;

/** Several things that belong together: a quadlet is a unit and a container, a Compose project a few containers. */
export interface Workload {
  readonly units?: readonly Unit[];
  readonly containers?: readonly Container[];
  readonly projects?: readonly Project[];
  /** What its owner put there for it, by path. */
  readonly files?: Readonly<Record<string, StoredFile>>;
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

/** Where podman looks for those of the system. */
export const quadletFolder = "/etc/containers/systemd";

/** What podman's generator makes of it. */
export const unitOfQuadlet = (name: string, source: string, read: string, more: Partial<Unit>): Unit =>
  unit(`${name}.service`, `Container ${name}`, {
    path: `/run/systemd/generator/${name}.service`,
    source,
    read,
    enabled: "generated",
    restart: "always",
    ...more,
  });

/** A container that systemd runs by podman. */
export function quadlet(name: string, image: string, more: Partial<Container> = {}): Workload {
  const { user, pod } = more;
  const folder = user === undefined ? quadletFolder : `/home/${user}/.config/containers/systemd`;
  const own = container("podman", name, image, { policy: "no", unit: `${name}.service`, ...more });
  const source = `${folder}/${name}.container`;
  const text = wordQuadlet(own, user !== undefined);
  const service = unitOfQuadlet(name, source, text, {
    ...(user === undefined ? {} : { user, path: `/run/user/1001/systemd/generator/${name}.service` }),
    wantedBy: [pod === undefined ? (user ? "default.target" : "multi-user.target") : `${pod}-pod.service`],
  });
  return {
    units: [service],
    containers: [own],
    files: { [source]: { text, mode: "644", owner: user === undefined ? "0:0" : "1001:1001" } },
  };
}

/** Containers that share a network, and the one that holds it. */
export function pod(name: string, ports: readonly Port[], members: readonly Workload[]): Workload {
  const service = unit(`${name}-pod.service`, `Pod ${name}`, {
    path: `/run/systemd/generator/${name}-pod.service`,
    source: `${quadletFolder}/${name}.pod`,
    enabled: "generated",
  });
  const infra = container("podman", `${name}-infra`, "localhost/podman-pause:5.4.2-1766335321", {
    policy: "no",
    pod: name,
    isInfra: true,
    unit: service.name,
    ports,
  });
  const published = ports.map(({ number, inside = number }) => `PublishPort=${number}:${inside}\n`);
  const text = `[Pod]\nPodName=${name}\n${published.join("")}`;
  return {
    units: [service, ...members.flatMap((each) => each.units ?? [])],
    containers: [infra, ...members.flatMap((each) => each.containers ?? [])],
    files: Object.assign(
      { [`${quadletFolder}/${name}.pod`]: { text, mode: "644", owner: "0:0" } },
      ...members.map((each) => each.files),
    ),
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
