import type { System } from "../state.ts";
import { deviceOf, healthOf } from "./smart-health.ts";
import { complain, isAsked, lines, say, type Tool } from "./tool.ts";

/** `smartctl`, for the disks that have SMART. Only root may ask one. */
export const smart: Tool = {
  isOn: ({ disks }) => disks.some((disk) => disk.smart !== undefined),
  programs: {
    "/usr/sbin/smartctl": (args, surroundings) => {
      const { host, user } = surroundings;
      if (isAsked(args, "-V")) return say(versionOf(host.system));
      const disks = host.disks.filter((disk) => disk.smart !== undefined);
      if (isAsked(args, "-j", "--scan"))
        return print({ ...head(args, host.system), devices: disks.map(deviceOf) });
      if (!isAsked(args, "-j", "-i", "-H", "-A", "-n", "standby,3", "--", "*"))
        return complain(1, "smartctl: this use is not simulated\n");
      if (user !== "root") return refuse(args, host.system, "Permission denied");
      const disk = disks.find((each) => deviceOf(each).name === args.at(-1));
      if (!disk?.smart) return refuse(args, host.system, "No such device");
      return print({ ...head(args, host.system), ...healthOf(disk, disk.smart, surroundings) });
    },
  },
};

const print = (answer: object) => say(`${JSON.stringify(answer, null, 2)}\n`);

const refuse = (args: readonly string[], system: System, why: string) => {
  const message = `Smartctl open device: ${args.at(-1)} failed: ${why}`;
  const { smartctl, ...rest } = head(args, system);
  return {
    ...print({
      ...rest,
      smartctl: { ...smartctl, messages: [{ string: message, severity: "error" }], exit_status: 2 },
    }),
    exitCode: 2,
  };
};

const head = (args: readonly string[], { architecture, kernel }: System) => ({
  json_format_version: [1, 0],
  smartctl: {
    version: [7, 4],
    pre_release: false,
    svn_revision: "5530",
    platform_info: `${architecture}-linux-${kernel}`,
    build_info: "(local build)",
    argv: ["smartctl", ...args],
    exit_status: 0,
  },
});

const versionOf = ({ architecture, kernel }: System) =>
  lines([`smartctl 7.4 2023-08-01 r5530 [${architecture}-linux-${kernel}] (local build)`, ...about]);

const about = [
  "Copyright (C) 2002-23, Bruce Allen, Christian Franke, www.smartmontools.org",
  "",
  "smartctl comes with ABSOLUTELY NO WARRANTY. This is free",
  "software, and you are welcome to redistribute it under",
  "the terms of the GNU General Public License; either",
  "version 2, or (at your option) any later version.",
  "See https://www.gnu.org for further details.",
  "",
  "smartmontools release 7.4 dated 2023-08-01 at 10:59:45 UTC",
  "smartmontools SVN rev 5530 dated 2023-08-01 at 11:00:21",
  "smartmontools build host: x86_64-pc-linux-gnu",
  "smartmontools build with: C++11, GCC 14.2.0",
  "smartmontools configure arguments: [hidden in reproducible builds]",
  "reproducible build SOURCE_DATE_EPOCH: 1740485007 (2025-02-25 12:03:27)",
];
