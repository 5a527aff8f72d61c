import type { PendingUpdate } from "../state.ts";
import { complain, lines, say, type Tool } from "./tool.ts";

/** Simulates an upgrade, as `apt-get -s … upgrade` does; any other use would change the host. */
export const packages: Tool = {
  isOn: () => true,
  programs: {
    "/usr/bin/apt-get": (args, { host }) => {
      if (!args.includes("-s") || args.at(-1) !== "upgrade")
        return complain(100, "E: This host lets nobody change its packages.\n");
      return say(lines(toUpgrade(host.updates)));
    },
  },
  files: () => [["/var/lib/dpkg/status", () => ""]],
};

function toUpgrade(updates: readonly PendingUpdate[]): readonly string[] {
  const origin = ({ to, isSecurity }: PendingUpdate) =>
    `${to} ${isSecurity ? "Debian-Security:13/stable-security" : "Debian:13.7/stable"} [amd64]`;
  return [
    "Reading package lists...",
    "Building dependency tree...",
    "Reading state information...",
    "Calculating upgrade...",
    ...(updates.length === 0
      ? []
      : ["The following packages will be upgraded:", `  ${updates.map(({ name }) => name).join(" ")}`]),
    `${updates.length} upgraded, 0 newly installed, 0 to remove and 0 not upgraded.`,
    ...updates.map((update) => `Inst ${update.name} [${update.from}] (${origin(update)})`),
    ...updates.map((update) => `Conf ${update.name} (${origin(update)})`),
  ];
}
