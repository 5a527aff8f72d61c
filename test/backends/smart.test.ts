import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { smart } from "../../src/backends/storage/smart/index.ts";
import { createFakeLab } from "../observe/fake-lab.ts";
import { interview, problemsOf } from "./seen.ts";

const version = ["smartctl -V", "smartctl 7.4 2023-08-01 r5530"] as const;
const scan = ["--scan", '{ "devices": [{ "name": "/dev/sda", "type": "sat" }] }'] as const;

const disk = (fields: object) =>
  JSON.stringify({
    device: { protocol: "ATA" },
    model_name: "Old Faithful",
    serial_number: "OF-1",
    rotation_rate: 7200,
    smart_support: { available: true, enabled: true },
    ...fields,
  });
const table = (id: number, count: number) => ({
  ata_smart_attributes: { table: [{ id, name: "Some_Count", raw: { string: `${count}` } }] },
});
const failing = disk({ smart_status: { passed: false }, temperature: { current: 70 }, ...table(197, 8) });

const saidOf = (stdout: string, exitCode: number) =>
  problemsOf(smart, interview(smart, [version, scan, ["smartctl", stdout, exitCode]]).seen);

describe("a disk whose status command failed", () => {
  it("is not passed over", () => {
    const messages = [{ string: "SMART Status command failed: Input/output error", severity: "error" }];
    expect(saidOf(disk({ smartctl: { messages }, ...table(5, 0) }), 4)).toEqual([
      "disk sda: unknown: sda: SMART could not be read: SMART Status command failed: Input/output error",
    ]);
    expect(saidOf(disk({}), 4)).toEqual([
      "disk sda: unknown: sda: SMART could not be read: a command to the disk failed",
    ]);
    expect(saidOf(disk({ smart_support: { available: true, enabled: false } }), 4)).toEqual([
      "disk sda: unknown: sda: SMART could not be read: it is switched off",
    ]);
  });

  it("still tells what was read", () => {
    expect(saidOf(disk(table(197, 8)), 4)).toEqual([
      "disk sda: warning: sda: 8 sectors cannot be read",
      "disk sda: unknown: sda: SMART could not be read: a command to the disk failed",
    ]);
  });

  it("is well when only one of the rarer commands failed", () => {
    expect(saidOf(disk({ smart_status: { passed: true }, ...table(5, 0) }), 4)).toEqual([]);
  });

  it("is no disk with SMART when it says that it has none", () => {
    const { seen } = interview(smart, [
      version,
      scan,
      ["smartctl", disk({ smart_support: { available: false } }), 4],
    ]);
    expect(smart.resources(seen, seen.observations)).toEqual([]);
  });
});

describe("a failing disk that falls asleep", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is as bad as before, for as long as it sleeps", async () => {
    const lab = await createFakeLab("hosts: { nas: {} }", { backends: [smart] });
    const { is } = lab.link("nas");
    is.programs = ["smartctl"];
    let now: { stdout: string; exitCode: number } = { stdout: failing, exitCode: 8 };
    is.says = (_program, { argv }) =>
      argv.includes("-V") ? version[1] : argv.includes("--scan") ? scan[1] : now;
    const watching = new AbortController();
    void lab.watch(watching.signal);
    const said = async (minutes: number) => {
      await vi.advanceTimersByTimeAsync(minutes * 60_000);
      return lab.homelab().resources.map(({ health, reason, details }) => ({ health, reason, details }));
    };
    expect(await said(1)).toMatchObject([
      {
        health: "failed",
        reason: "sda is failing, says SMART; sda: 8 sectors cannot be read; sda: 70 °C is too hot",
      },
    ]);
    now = { stdout: "", exitCode: 3 };
    await said(40);
    for (const hours of ["[34]", "[67]"])
      expect(await said(180)).toEqual([
        {
          health: "failed",
          reason: expect.stringMatching(
            new RegExp(
              `^sda is failing, says SMART; seen ${hours} h ago, it sleeps now; sda: 8 sectors cannot be read; seen ${hours} h ago, it sleeps now$`,
            ),
          ),
          details: expect.objectContaining({ smart: "asleep", serial: "OF-1" }),
        },
      ]);
    // It wakes up, and does not answer as it should.
    now = { stdout: disk({}), exitCode: 4 };
    expect(await said(40)).toMatchObject([
      {
        health: "failed",
        reason: expect.stringMatching(
          /^sda is failing, says SMART; seen [78] h ago; sda: SMART could not be read: a command to the disk failed$/,
        ),
      },
    ]);
    now = { stdout: disk({ smart_status: { passed: true }, ...table(197, 0) }), exitCode: 0 };
    expect(await said(40)).toMatchObject([{ health: "ok", details: { smart: "passed" } }]);
    watching.abort();
  });
});
