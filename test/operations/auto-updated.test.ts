import { expect, it } from "vitest";
import { backends } from "../../src/backends/registry.ts";
import { planAutoUpdated } from "../../src/operations/auto-updated.ts";
import type { Ground } from "../../src/operations/ground.ts";
import { play } from "./played-deploy.ts";

const claim = "            web.service  86443b852703 (systemd-web)  localhost/web:1  local       true\n";

const homelab = {
  resources: [
    { host: "h", backend: "podman", kind: "container", name: "db" },
    {
      host: "h",
      backend: "systemd",
      kind: "unit",
      name: "web.service",
      health: "failed",
      reason: "restarts again and again, 4 times so far",
    },
  ],
} as unknown as Ground["homelab"];

it("holds what podman called a success against how that does", () => {
  const says = { "auto-update --dry-run": "", journalctl: claim };
  expect(play(planAutoUpdated("h", { backends, homelab }), { says })).toMatchObject({
    entries: [{ host: "h", unit: "web.service", falseClaim: "restarts again and again, 4 times so far" }],
  });
});

it("says of which host nobody knows", () => {
  const says = {
    "auto-update --dry-run": { exitCode: 125, stderr: "Error: no such registry" },
    journalctl: "",
  };
  expect(play(planAutoUpdated("h", { backends, homelab }), { says })).toMatchObject({
    host: "h",
    why: expect.stringContaining("no such registry"),
  });
});
