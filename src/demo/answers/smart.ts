import { waver } from "../stand-ins.ts";
import type { Disk, Smart, System } from "../state.ts";
import { complain, isAsked, lines, type Surroundings, say, type Tool } from "./tool.ts";

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

const isNvme = ({ bus }: Disk) => bus === "nvme";

/** The controller of an NVMe disk, not its namespace. */
function deviceOf(disk: Disk) {
  if (!isNvme(disk))
    return { name: `/dev/${disk.name}`, info_name: `/dev/${disk.name}`, type: "scsi", protocol: "SCSI" };
  const name = `/dev/${disk.name.replace(/n\d+$/, "")}`;
  return { name, info_name: name, type: "nvme", protocol: "NVMe" };
}

function healthOf(disk: Disk, state: Smart, { now, dateOf }: Surroundings) {
  const celsius = Math.round(state.celsius * waver(disk.serial, now, 0.04));
  const time = dateOf(now);
  const common = {
    local_time: { time_t: Math.floor(time.getTime() / 1000), asctime: time.toUTCString() },
    model_name: disk.model,
    serial_number: disk.serial,
    smart_support: { available: true, enabled: true },
  };
  const end = {
    power_on_time: { hours: state.hours },
    power_cycle_count: 38,
    temperature: { current: celsius },
  };
  if (isNvme(disk))
    return {
      device: deviceOf(disk),
      ...common,
      firmware_version: "5B2QGXA7",
      nvme_version: { string: "1.4", value: 66_560 },
      smart_status: { passed: state.passed, nvme: { value: 0 } },
      nvme_smart_health_information_log: {
        ...{ critical_warning: 0, temperature: celsius, available_spare: 100, available_spare_threshold: 10 },
        ...{
          percentage_used: state.wearPercent,
          data_units_read: 41_883_104,
          data_units_written: 58_021_777,
        },
        ...{
          host_reads: 512_004_881,
          host_writes: 907_113_204,
          controller_busy_time: 2201,
          power_cycles: 38,
        },
        ...{ power_on_hours: state.hours, unsafe_shutdowns: 9, media_errors: 0, num_err_log_entries: 0 },
        ...{ warning_temp_time: 0, critical_comp_time: 0 },
      },
      ...end,
    };
  return {
    device: { ...deviceOf(disk), info_name: `/dev/${disk.name} [SAT]`, type: "sat", protocol: "ATA" },
    ...common,
    firmware_version: "82.00A82",
    user_capacity: { blocks: disk.sizeBytes / 512, bytes: disk.sizeBytes },
    logical_block_size: 512,
    physical_block_size: 4096,
    in_smartctl_database: false,
    ata_version: { string: "ACS-3 T13/2161-D revision 5", major_value: 2040, minor_value: 109 },
    smart_status: { passed: state.passed },
    ata_smart_attributes: { revision: 16, table: attributesOf(state, celsius) },
    ...end,
  };
}

function attributesOf({ reallocated, pending, hours }: Smart, celsius: number) {
  const rows: readonly (readonly [id: number, name: string, thresh: number, raw: number, text?: string])[] = [
    [1, "Raw_Read_Error_Rate", 6, 0],
    [3, "Spin_Up_Time", 0, 16],
    [4, "Start_Stop_Count", 20, 38],
    [5, "Reallocated_Sector_Ct", 36, reallocated],
    [9, "Power_On_Hours", 0, hours],
    [12, "Power_Cycle_Count", 0, 38],
    [190, "Airflow_Temperature_Cel", 50, celsius, `${celsius} (Min/Max ${celsius - 6}/${celsius + 5})`],
    [197, "Current_Pending_Sector", 0, pending],
    [198, "Offline_Uncorrectable", 0, 0],
  ];
  return rows.map(([id, name, thresh, raw, text = `${raw}`]) => ({
    ...{ id, name, value: 100, worst: 100, thresh, when_failed: "", flags },
    raw: { value: raw, string: text },
  }));
}

const flags = {
  ...{ value: 3, string: "PO---- ", prefailure: true, updated_online: true, performance: false },
  ...{ error_rate: false, event_count: false, auto_keep: false },
};
