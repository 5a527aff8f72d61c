import type { Ups } from "../state.ts";
import { complain, isAsked, lines, type Tool } from "./tool.ts";

const lowPercent = 20;
const chargingMs = 3 * 3_600_000;

/** Network UPS Tools, on the host that the UPS is plugged into. */
export const nut: Tool = {
  isOn: ({ upses }) => upses.length > 0,
  programs: {
    "/usr/sbin/upsd": () => complain(1, "upsd: already running\n"),
    "/usr/bin/upsc": (args, { host, now }) => {
      if (isAsked(args, "-V")) return complain(0, "Network UPS Tools upscmd 2.8.0\n");
      const found = isAsked(args, "-l") ? undefined : host.upses.find(({ name }) => name === args[0]);
      if (isAsked(args, "-l")) return sayPlainly(host.upses.map(({ name }) => name));
      if (!found) return complain(1, `${noCertificates}Error: Unknown UPS\n`);
      return sayPlainly(variablesOf(found, now));
    },
  },
};

const noCertificates = "Init SSL without certificate database\n";
const sayPlainly = (all: readonly string[]) => ({ exitCode: 0, stdout: lines(all), stderr: noCertificates });

/** Full is 100; it goes down as long as the line is off. */
export function chargeOf({ line, batteryMs }: Ups, now: number): number {
  const since = now - line.since;
  const change = line.isOn ? (100 * since) / chargingMs : (-100 * since) / batteryMs;
  return Math.min(100, Math.max(0, line.chargeThen + change));
}

export const isLow = (ups: Ups, now: number): boolean => !ups.line.isOn && chargeOf(ups, now) <= lowPercent;

function variablesOf(ups: Ups, now: number): readonly string[] {
  const { maker, model, serial, loadPercent, nominalWatts, line, batteryMs } = ups;
  const charge = chargeOf(ups, now);
  const status = line.isOn ? `OL${charge < 100 ? " CHRG" : ""}` : `OB DISCHRG${isLow(ups, now) ? " LB" : ""}`;
  return [
    `battery.charge: ${Math.round(charge)}`,
    `battery.charge.low: ${lowPercent}`,
    `battery.runtime: ${Math.round((batteryMs * charge) / 100_000)}`,
    `battery.runtime.low: ${Math.round(batteryMs / 5000)}`,
    "battery.type: PbAc",
    `battery.voltage: ${(22.5 + charge * 0.046).toFixed(1)}`,
    `device.mfr: ${maker}`,
    `device.model: ${model}`,
    `device.serial: ${serial}`,
    "device.type: ups",
    "driver.name: usbhid-ups",
    "driver.parameter.pollinterval: 2",
    "driver.parameter.port: auto",
    "driver.parameter.synchronous: auto",
    "driver.version: 2.8.0",
    "driver.version.internal: 0.47",
    `input.voltage: ${line.isOn ? "231.0" : "0.0"}`,
    "input.voltage.nominal: 230",
    "output.voltage: 231.0",
    `ups.load: ${loadPercent}`,
    `ups.mfr: ${maker}`,
    `ups.model: ${model}`,
    `ups.realpower.nominal: ${nominalWatts}`,
    `ups.serial: ${serial}`,
    `ups.status: ${status}`,
  ];
}
