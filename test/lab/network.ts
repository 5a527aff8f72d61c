import { backLink, bridge, type Host } from "./hosts.ts";
import { attempt, run } from "./shell.ts";

export const namespaceOf = (host: Host): string => `scrap-${host.name}`;
export const portOf = (host: Host): string => `sl-${host.name}`;

const lengthOf = (network: string): string => network.slice(network.indexOf("/"));

export const inNamespaceOf = (host: Host, ...argv: string[]): string[] => [
  "ip",
  "netns",
  "exec",
  namespaceOf(host),
  ...argv,
];

const exists = async (...argv: string[]): Promise<boolean> => (await attempt(argv)).code === 0;

export async function ensureBridge(): Promise<void> {
  if (await exists("ip", "link", "show", bridge.name)) return;
  await run(["ip", "link", "add", bridge.name, "type", "bridge"]);
  await run(["ip", "address", "add", bridge.address, "dev", bridge.name]);
  await run(["ip", "link", "set", bridge.name, "up"]);
  // What is behind vps2 must not leave this machine by its default route.
  await run(["ip", "route", "replace", "unreachable", backLink.network]);
}

/** A network namespace with an address on the bridge; it outlives reboots of the host that lives in it. */
export async function ensureNamespace(host: Host): Promise<void> {
  const name = namespaceOf(host);
  if (await exists("ip", "netns", "exec", name, "true")) return;
  await run(["ip", "netns", "add", name]);
  await run(inNamespaceOf(host, "ip", "link", "set", "lo", "up"));
  // Else whoever starts first decides: Docker, when it is the first to want that, shuts off what podman publishes.
  await run(inNamespaceOf(host, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward"));
  if (host.jump) return;
  await run(["ip", "link", "add", portOf(host), "type", "veth", "peer", "name", "eth0", "netns", name]);
  await run(["ip", "link", "set", portOf(host), "master", bridge.name, "up"]);
  await run(
    inNamespaceOf(host, "ip", "address", "add", host.address + lengthOf(bridge.network), "dev", "eth0"),
  );
  await run(inNamespaceOf(host, "ip", "link", "set", "eth0", "up"));
}

/** Joins a host to its jump host, out of reach for everybody else. */
export async function ensureBackLink(jump: Host, host: Host): Promise<void> {
  if (await exists(...inNamespaceOf(host, "ip", "link", "show", "eth0"))) return;
  await run([
    "ip",
    "link",
    "add",
    "eth0",
    "netns",
    namespaceOf(host),
    "type",
    "veth",
    "peer",
    "name",
    "eth1",
    "netns",
    namespaceOf(jump),
  ]);
  await run(inNamespaceOf(jump, "ip", "address", "add", backLink.address, "dev", "eth1"));
  await run(inNamespaceOf(jump, "ip", "link", "set", "eth1", "up"));
  await run(
    inNamespaceOf(host, "ip", "address", "add", host.address + lengthOf(backLink.network), "dev", "eth0"),
  );
  await run(inNamespaceOf(host, "ip", "link", "set", "eth0", "up"));
}

/** A tap on the bridge for a machine that brings its own network stack. */
export async function ensureTap(host: Host): Promise<void> {
  if (await exists("ip", "link", "show", portOf(host))) return;
  await run(["ip", "tuntap", "add", portOf(host), "mode", "tap"]);
  await run(["ip", "link", "set", portOf(host), "master", bridge.name, "up"]);
}

export async function plug(host: Host): Promise<void> {
  await run(["ip", "link", "set", portOf(host), "up"]);
}

export async function unplug(host: Host): Promise<void> {
  await run(["ip", "link", "set", portOf(host), "down"]);
  // Or this machine goes on believing that the host is there.
  await attempt(["ip", "neighbour", "flush", "to", host.address, "dev", bridge.name]);
}

/** Takes a host off the network, with whatever still runs in its namespace. */
export async function removeHost(host: Host): Promise<void> {
  const { out } = await attempt(["ip", "netns", "pids", namespaceOf(host)]);
  const pids = out.split("\n").filter(Boolean);
  if (pids.length > 0) await attempt(["kill", "-KILL", ...pids]);
  await attempt(["ip", "netns", "delete", namespaceOf(host)]);
  await attempt(["ip", "link", "delete", portOf(host)]);
}

export async function removeBridge(): Promise<void> {
  await attempt(["ip", "link", "delete", bridge.name]);
  await attempt(["ip", "route", "delete", "unreachable", backLink.network]);
}
