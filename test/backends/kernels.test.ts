import { expect, it } from "vitest";
import { isNewerInstalled } from "../../src/backends/host/kernels.ts";

it.each([
  [true, "6.1.0-18-amd64", ["6.1.0-18-amd64", "6.1.0-21-amd64"]],
  [true, "6.1.0-21-amd64", ["6.1.0-21-amd64", "6.12.38+deb13-amd64"]],
  [true, "5.15.0-91-generic", ["5.15.0-91-generic", "5.15.0-105-generic"]],
  [true, "6.5.6-300.fc39.x86_64", ["6.5.6-300.fc39.x86_64", "6.5.10-300.fc39.x86_64"]],
  [false, "6.1.0-21-amd64", ["6.1.0-18-amd64", "6.1.0-21-amd64"]],
  // Another flavour is for another machine.
  [false, "6.6.20+rpt-rpi-v8", ["6.6.20+rpt-rpi-v8", "6.6.31+rpt-rpi-2712"]],
  [false, "6.1.0-18-amd64", ["6.1.0-18-amd64", "6.1.0-21-cloud-amd64"]],
  // A container runs the kernel of somebody else.
  [undefined, "6.8.4-2-pve", ["6.1.0-18-amd64", "6.1.0-21-amd64"]],
  [undefined, "6.8.4-2-pve", []],
])("is %s for %s among %j", (expected, running, installed) => {
  expect(isNewerInstalled(running, installed)).toBe(expected);
});
