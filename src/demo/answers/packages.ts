import type { PendingUpdate } from "../state.ts";
import { complain, lines, say, type Tool } from "./tool.ts";

/** `apt-get`: says its version, simulates an upgrade, and makes it. It changes nothing else. */
export const packages: Tool = {
  isOn: () => true,
  programs: {
    "/usr/bin/apt-get": (args, { host, user }) => {
      if (args[0] === "--version") return say("apt 3.0.3 (amd64)\n");
      if (args.at(-1) !== "upgrade")
        return complain(100, "E: This host lets nobody do more than upgrade its packages.\n");
      const { updates } = host;
      if (args.includes("-s")) return say(lines([...toUpgrade(updates), ...toSimulated(updates)]));
      if (user !== "root")
        return complain(
          100,
          "E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n",
        );
      Object.assign(host, { updates: [] });
      return say(lines([...toUpgrade(updates), ...updates.map(toSetUp)]));
    },
  },
  files: () => [["/var/lib/dpkg/status", () => ""]],
};

const toUpgrade = (updates: readonly PendingUpdate[]): readonly string[] => [
  "Reading package lists...",
  "Building dependency tree...",
  "Reading state information...",
  "Calculating upgrade...",
  ...(updates.length === 0
    ? []
    : ["The following packages will be upgraded:", `  ${updates.map(({ name }) => name).join(" ")}`]),
  `${updates.length} upgraded, 0 newly installed, 0 to remove and 0 not upgraded.`,
];

const toSimulated = (updates: readonly PendingUpdate[]): readonly string[] => [
  ...updates.map((update) => `Inst ${update.name} [${update.from}] (${origin(update)})`),
  ...updates.map((update) => `Conf ${update.name} (${origin(update)})`),
];

const toSetUp = ({ name, to }: PendingUpdate): string => `Setting up ${name} (${to}) ...`;

const origin = ({ to, isSecurity }: PendingUpdate) =>
  `${to} ${isSecurity ? "Debian-Security:13/stable-security" : "Debian:13.7/stable"} [amd64]`;
