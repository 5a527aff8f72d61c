import { expect, it } from "vitest";
import { findingOfLoss, findingsOfStatus } from "../../src/backends/power/findings.ts";

const said = (status: string, figures = {}) =>
  findingsOfStatus("rack", { status: status.split(" "), ...figures }).map(
    ({ severity, message }) => `${severity}: ${message}`,
  );

it("reads a status as a set of tokens", () => {
  expect(said("OL CHRG")).toEqual([]);
  expect(said("OL TRIM")).toEqual([]);
  expect(said("OB DISCHRG", { runtimeMs: 840_000 })).toEqual(["warning: rack is on battery, 14 min left"]);
  expect(said("LB DISCHRG OB")).toEqual(["failed: rack is on low battery"]);
  expect(said("FSD OB LB")).toEqual(["failed: rack is shutting its hosts down"]);
  expect(said("OL RB")).toEqual(["warning: rack needs a new battery"]);
  expect(said("ALARM OB")).toEqual(["warning: rack is on battery", "warning: rack has an alarm"]);
});

it("does not forget that a UPS was on battery when it fell silent", () => {
  expect(findingOfLoss("rack", "stale", ["OB", "DISCHRG"]).message).toContain("on battery when last seen");
  expect(findingOfLoss("rack", "stale", ["OL"]).message).not.toContain("battery");
});
