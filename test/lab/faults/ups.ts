import { onHost } from "../ssh-access.ts";
import type { Fault } from "./fault.ts";

function setRack(values: Record<string, string | number>): Promise<string> {
  const lines = Object.entries(values).map(
    ([name, value]) => `upsrw -s '${name}=${value}' -u admin -p lab-ups rack@localhost >/dev/null 2>&1`,
  );
  return onHost("nas", lines.join("\n"));
}

const online = () =>
  setRack({ "ups.status": "OL", "battery.charge": 100, "battery.runtime": 2520, "input.voltage": "231.0" });

const driver = "$(pidof dummy-ups)";
const answers = "upsc rack@localhost ups.status >/dev/null 2>&1";

export const upsFaults: Fault[] = [
  {
    name: "ups-on-battery",
    host: "nas",
    plays: "a power cut: the UPS rack runs on battery",
    break: () =>
      setRack({
        "input.voltage": "0.0",
        "battery.charge": 81,
        "battery.runtime": 1980,
        "ups.status": "OB DISCHRG",
      }),
    mend: online,
  },
  {
    name: "ups-low",
    host: "nas",
    plays: "a long power cut: on battery, and the battery is low",
    break: () =>
      setRack({
        "input.voltage": "0.0",
        "battery.charge": 9,
        "battery.runtime": 140,
        "ups.status": "OB DISCHRG LB",
      }),
    mend: online,
  },
  {
    name: "ups-stale",
    host: "nas",
    plays: "the driver of the UPS is stuck: upsc says Data stale (after 6 s)",
    break: () =>
      onHost("nas", `kill -STOP ${driver}; timeout 30 sh -c 'while ${answers}; do sleep 0.3; done'`),
    mend: () =>
      onHost("nas", `kill -CONT ${driver}; timeout 30 sh -c 'until ${answers}; do sleep 0.3; done'`),
  },
];
