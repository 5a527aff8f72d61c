import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packages } from "../../src/backends/host/packages.ts";
import { isWhyNot } from "../../src/backends/verbs.ts";
import { play } from "../operations/played-deploy.ts";

const recorded = new URL("../recordings/vps2-updates-pending/host.updates.txt", import.meta.url);
const pending = readFileSync(recorded, "utf8").split("-- stdout --\n")[1]?.split("\n-- ")[0] ?? "";

const simulate = "apt-get -s -q -o Debug::NoLocking=true --with-new-pkgs upgrade";
const see = (answer: string | { exitCode: number; stderr: string }) =>
  play(packages.upgrade("h"), { says: { "apt-get --version": "apt 2.6.1", [simulate]: answer } });

describe("the packages of a host", () => {
  test("are listed as apt would upgrade them, and the plan holds as long as apt says the same", () => {
    const upgrade = see(pending);
    if (isWhyNot(upgrade)) throw new Error(upgrade.whyNot);
    expect(upgrade.packages).toHaveLength(19);
    expect(upgrade.packages[0]).toEqual({
      name: "perl-base",
      from: "5.36.0-7+deb12u3",
      to: "5.36.0-7+deb12u4",
      isSecurity: true,
    });
    expect(upgrade.basis).toMatchObject([{ kind: "host", stdout: pending.trim() }]);
    expect(upgrade.steps).toMatchObject([{ id: "packages", effect: "interrupts" }]);
  });

  test("no step when there is nothing", () => {
    const none = "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n";
    expect(see(none)).toMatchObject({ packages: [], steps: [] });
  });

  test("are left alone where apt is broken, or is not there", () => {
    expect(
      see({ exitCode: 100, stderr: "E: Unmet dependencies. Try 'apt --fix-broken install'" }),
    ).toMatchObject({
      whyNot: expect.stringContaining("Unmet dependencies"),
    });
    expect(play(packages.upgrade("h"), { says: { "apt-get --version": { exitCode: 127 } } })).toMatchObject({
      whyNot: expect.stringContaining("has no apt"),
    });
  });
});
