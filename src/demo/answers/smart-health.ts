import { waver } from "../stand-ins.ts";
import type { Disk, Smart } from "../state-storage.ts";
import type { Surroundings } from "./tool.ts";

const isNvme = ({ bus }: Disk) => bus === "nvme";

/** The controller of an NVMe disk, not its namespace. */
export function deviceOf(disk: Disk) {
  if (!isNvme(disk))
    return { name: `/dev/${disk.name}`, info_name: `/dev/${disk.name}`, type: "scsi", protocol: "SCSI" };
  const name = `/dev/${disk.name.replace(/n\d+$/, "")}`;
  return { name, info_name: name, type: "nvme", protocol: "NVMe" };
}

/** What one disk says of itself. */
export function healthOf(disk: Disk, state: Smart, { now, dateOf }: Surroundings) {
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
        critical_warning: 0,
        temperature: celsius,
        available_spare: 100,
        available_spare_threshold: 10,
        percentage_used: state.wearPercent,
        data_units_read: 41_883_104,
        data_units_written: 58_021_777,
        host_reads: 512_004_881,
        host_writes: 907_113_204,
        controller_busy_time: 2201,
        power_cycles: 38,
        power_on_hours: state.hours,
        unsafe_shutdowns: 9,
        media_errors: 0,
        num_err_log_entries: 0,
        warning_temp_time: 0,
        critical_comp_time: 0,
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
    id,
    name,
    value: 100,
    worst: 100,
    thresh,
    when_failed: "",
    flags,
    raw: { value: raw, string: text },
  }));
}

const flags = {
  value: 3,
  string: "PO---- ",
  prefailure: true,
  updated_online: true,
  performance: false,
  error_rate: false,
  event_count: false,
  auto_keep: false,
};
