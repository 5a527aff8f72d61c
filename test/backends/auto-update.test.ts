import { describe, expect, test } from "vitest";
import { autoUpdates } from "../../src/backends/workload/podman/auto-update.ts";
import { CommandFailed } from "../../src/errors.ts";
import { play } from "../operations/played-deploy.ts";

const dryRun = "podman auto-update --dry-run --format json";
const log = "journalctl --unit=podman-auto-update.service --since=-30d --output=cat --no-pager --lines=2000";

// podman 5.4.2 on Debian 13, an image that starts and exits after a second.
const listed = (updated: string) => `[
    {
        "Unit": "upgrade-auto.service",
        "Container": "86443b852703 (systemd-upgrade-auto)",
        "ContainerName": "systemd-upgrade-auto",
        "ContainerID": "86443b852703e6d2f4a23d8f39881dce265b47992e03b369723cb2f97a133cd8",
        "Image": "localhost/upgrade-auto:1",
        "Policy": "local",
        "Updated": "${updated}"
    }
]
`;
const round = `Starting podman-auto-update.service - Podman auto-update service...
2026-11-21 14:33:56.297286205 +0000 UTC m=+0.180350595 system auto-update
            UNIT                  CONTAINER                            IMAGE                     POLICY      UPDATED
            upgrade-auto.service  86443b852703 (systemd-upgrade-auto)  localhost/upgrade-auto:1  local       true
9694d891a54d32780e1bdb8a4735efe35ec7817a6986686abeb1f9f402c6ba83
podman-auto-update.service: Deactivated successfully.
`;

const see = (now: string | { exitCode: number; stdout: string }, before = "") =>
  play(autoUpdates("h", undefined), { says: { [dryRun]: now, [log]: before } });

describe("what podman updates by itself", () => {
  test("is pending, or not", () => {
    expect(see(listed("pending"))).toMatchObject([
      { unit: "upgrade-auto.service", image: "localhost/upgrade-auto:1", policy: "local", isPending: true },
    ]);
    expect(see(listed("false"))).toMatchObject([{ isPending: false }]);
  });

  test("has what the last round claimed, also of what does not run now", () => {
    expect(see(listed("false"), round)).toMatchObject([{ lastClaim: "true" }]);
    expect(see("", round)).toEqual([{ unit: "upgrade-auto.service", isPending: false, lastClaim: "true" }]);
  });

  test("is nothing where no container has a policy, and told where podman complains of one of several", () => {
    expect(see("")).toEqual([]);
    expect(see({ exitCode: 125, stdout: listed("pending") })).toMatchObject([{ isPending: true }]);
    expect(() => see({ exitCode: 125, stdout: "" })).toThrow(CommandFailed);
  });
});
