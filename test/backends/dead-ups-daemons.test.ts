import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apcupsd } from "../../src/backends/power/apcupsd/index.ts";
import { nut } from "../../src/backends/power/nut/index.ts";
import { createFakeLab } from "../observe/fake-lab.ts";
import { interview, problemsOf, type Says } from "./seen.ts";

const refused = "Error: Connection failure: Connection refused\n";
const server = "MODE=netserver\n[rack]\n[shed]\n";
const version = ["upsc -V", "Network UPS Tools upsc 2.8.0"] as const;

const saidOf = (backend: typeof nut, ...says: Says) => problemsOf(backend, interview(backend, says).seen);

describe("an upsd that does not answer", () => {
  const silent: Says = [version, ["upsc", "", 1, refused]];

  it("is a problem where this host should serve UPSes", () => {
    expect(saidOf(nut, ["grep", server], ...silent)).toEqual([
      "ups rack: failed: rack is not watched: upsd does not answer",
      "ups shed: failed: shed is not watched: upsd does not answer",
    ]);
  });

  it.each([["MODE=none\n[rack]\n"], ["MODE=netclient\n"], ["[rack]\n"], [""]])(
    "is none where it should not run: %j",
    (setup) => {
      expect(saidOf(nut, ["grep", setup, setup === "" ? 2 : 0], ...silent)).toEqual([]);
    },
  );
});

describe("an apcupsd that does not answer", () => {
  const enabled = "/etc/rc3.d/S01apcupsd\n";
  const silent = [
    "apcaccess",
    "",
    1,
    "Error contacting apcupsd @ 127.0.0.1:3551: Connection refused\n",
  ] as const;

  it("is a problem where it is enabled", () => {
    const problem = "ups ups: failed: ups is not watched: apcupsd does not answer";
    expect(saidOf(apcupsd, ["(found)", enabled], silent, ["scrap_read", ""])).toEqual([problem]);
    const setup = "=/etc/default/apcupsd\n:ISCONFIGURED=yes\n";
    expect(saidOf(apcupsd, ["(found)", enabled], silent, ["scrap_read", setup])).toEqual([problem]);
  });

  it("is none where nobody enabled or configured it", () => {
    expect(saidOf(apcupsd, ["(found)", ""], silent)).toEqual([]);
    const setup = "=/etc/default/apcupsd\n:# no\n:ISCONFIGURED=no\n";
    expect(saidOf(apcupsd, ["(found)", enabled], silent, ["scrap_read", setup])).toEqual([]);
  });
});

describe("a daemon that dies while it is watched", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const apcaccess = "UPSNAME  : shed\nSTATUS   : ONBATT\nMODEL    : Smart-UPS\n";
  it.each([
    [
      nut,
      "rack",
      (program: string) => (program === "grep" ? "" : { stdout: "", stderr: refused, exitCode: 1 }),
    ],
    [apcupsd, "shed", () => ({ stdout: "", stderr: "Error contacting apcupsd", exitCode: 1 })],
  ])("leaves its UPS unwatched, and on battery when last seen: $id", async (backend, name, dead) => {
    const lab = await createFakeLab("hosts: { nas: {} }", { backends: [backend] });
    const { is } = lab.link("nas");
    is.programs = ["upsc", "upsd", "apcaccess", "apcupsd"];
    is.says = (program, { argv }) => {
      if (program === "apcaccess") return apcaccess;
      return argv.includes("-V") ? version[1] : argv.includes("-l") ? "rack\n" : "ups.status: OB\n";
    };
    const watching = new AbortController();
    void lab.watch(watching.signal);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lab.host("nas").problems).toMatchObject([
      { severity: "warning", message: `${name} is on battery` },
    ]);
    is.says = dead;
    // Long enough to ask for all of it more than once.
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    expect(lab.host("nas").problems).toEqual([
      {
        severity: "failed",
        kind: "ups",
        resource: `nas/${backend.id}/ups/${name}`,
        message: expect.stringMatching(
          new RegExp(
            `^${name} is not watched: (upsd|apcupsd) does not answer; it was on battery when last seen$`,
          ),
        ),
      },
    ]);
    watching.abort();
  });
});
