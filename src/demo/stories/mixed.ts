import { badUpgrade } from "./bad-upgrade.ts";
import { diskFailure } from "./disk-failure.ts";
import { change, later, log, type Story } from "./happening.ts";
import { switchLine, upsOf } from "./power-cut.ts";

/** A day of a homelab within a quarter of an hour. */
export const mixed: Story = {
  againAfter: 1020,
  happenings: [
    {
      after: 20,
      act: (host, at) => {
        const cube = host("cube");
        log(
          cube,
          at,
          "media",
          "transcoder: cannot open /dev/dri/renderD128",
          "health check failed: connection timed out",
        );
        change(cube.containers, "media", { health: "unhealthy" });
        cube.usualLoad = 5.2;
      },
    },
    {
      after: 110,
      act: (host, at) => {
        const cube = host("cube");
        log(cube, at, "media", "Jellyfin 10.10.7 starting");
        change(cube.containers, "media", { health: "healthy", startedAt: at });
        cube.usualLoad = 1.9;
      },
    },
    { after: 150, act: (host, at) => switchLine(upsOf(host("barn")), false, at) },
    { after: 215, act: (host, at) => switchLine(upsOf(host("barn")), true, at) },
    {
      after: 260,
      act: (host, at) => {
        log(
          host("vps1"),
          at,
          "headscale.service",
          "FTL could not open the database: disk I/O error",
          "Main process exited, code=exited, status=1/FAILURE",
        );
        change(host("vps1").units, "headscale.service", {
          active: "failed",
          sub: "failed",
          result: "exit-code",
          exitCode: 1,
          exitStatus: 1,
          changedAt: at,
        });
      },
    },
    {
      after: 330,
      act: (host, at) => {
        log(host("vps1"), at, "headscale.service", "Started headscale coordination server.");
        change(host("vps1").units, "headscale.service", {
          active: "active",
          sub: "running",
          result: "success",
          exitCode: 0,
          exitStatus: 0,
          startedAt: at,
          changedAt: at,
        });
      },
    },
    ...later(380, diskFailure),
    ...later(800, badUpgrade),
  ],
};
