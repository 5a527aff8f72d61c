import type { Command } from "../../../command/command.ts";
import type { Backend, LogOptions } from "../../contract.ts";
import type { Detection } from "../../probe.ts";
import type { Resource } from "../../resource.ts";
import { composeProbes, plugins } from "./compose.ts";
import { containersIn, detailsOf } from "./containers.ts";
import { deploy } from "./deploy.ts";
import { images } from "./images.ts";
import { lifecycle } from "./lifecycle.ts";
import { containers, version } from "./probes.ts";
import { projectsAmong } from "./projects.ts";

const sockets = ["/run/docker.sock", "/var/run/docker.sock"];

/** How the daemon is started at boot: systemd, its socket, OpenRC, SysV. */
const starts = [
  "/etc/systemd/system/multi-user.target.wants/docker.service",
  "/etc/systemd/system/sockets.target.wants/docker.socket",
  "/etc/runlevels/default/docker",
  "/etc/rc3.d/S*docker",
];

/** podman under the name of docker: then podman tells of it. */
const shim = "/usr/lib/tmpfiles.d/podman-docker.conf";

/** Containers and Compose projects, with what differs from their files. */
export const docker: Backend = {
  id: "docker",
  kind: "workload",
  title: "docker",
  looksFor: {
    programs: ["docker", "docker-compose"],
    paths: [...sockets, ...starts, ...plugins, shim],
  },
  detect: ({ programs, paths }): Detection => {
    if (!programs.has("docker")) return { present: false, why: "docker is not installed" };
    if (paths.has(shim)) return { present: false, why: "docker is podman under another name here" };
    const isThere = sockets.some((path) => paths.has(path));
    const isEnabled = [...paths].some(
      (path) => starts.slice(0, 3).includes(path) || /S\d+docker$/.test(path),
    );
    return isThere || isEnabled
      ? { present: true }
      : { present: false, why: "docker's daemon is neither enabled nor running" };
  },
  version,
  probes: (seen) => {
    const details = detailsOf(seen);
    return [containers, ...(details ? [details] : []), ...composeProbes(seen)];
  },
  resources: (seen, previous) => {
    const known = containersIn(seen, previous);
    return [...known, ...projectsAmong(seen, known)];
  },
  logs,
  exec: ({ name }, argv) => ({ argv: ["docker", "exec", "--", name, ...argv], asRoot: true }),
  lifecycle,
  deploy,
  images,
};

function logs({ kind, name }: Resource, { follow, lines, since }: LogOptions): Command | undefined {
  if (kind !== "container" && kind !== "project") return undefined;
  const options = [
    "--timestamps",
    `--tail=${lines}`,
    ...(follow ? ["--follow"] : []),
    ...(since === undefined ? [] : [`--since=${since}`]),
  ];
  return kind === "project"
    ? { argv: ["docker", "compose", "--project-name", name, "logs", "--no-color", ...options], asRoot: true }
    : { argv: ["docker", "logs", ...options, "--", name], asRoot: true };
}
