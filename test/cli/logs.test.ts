import { expect, it } from "vitest";
import { Unprivileged } from "../../src/errors.ts";
import { type RecordedLab, scrap } from "./harness.ts";

const lab: RecordedLab = {
  inventory:
    "version: 1\nhosts: { vps1: {} }\nservices: { web: { home: vps1, runs: { quadlet: web.container } } }\n",
  hosts: { vps1: ["vps1-healthy"] },
};

it("prints the lines of a service, wherever they came from", async () => {
  const run = await scrap(
    {
      ...lab,
      faults: {
        follow: async ({ argv }, onLine) => {
          onLine(`asked: ${argv.join(" ")}`, "stdout");
          onLine("-- a warning", "stderr");
          return 0;
        },
      },
    },
    ...["logs", "web", "--since", "2026-11-20T18:00:00Z", "-n", "5"],
  );
  expect(run.stdout).toContain("--unit=web.service");
  expect(run.stdout).toContain("-n 5 --since=2026-11-20 18:00:00 UTC");
  expect(run).toMatchObject({ exitCode: 0, stderr: "-- a warning" });
});

it("says in words that root is missing, and how to get it", async () => {
  const refused = new Unprivileged("vps1 does not let us run this as root: sudo -n journalctl", {
    hint: "sudo: a password is required",
  });
  const run = await scrap({ ...lab, faults: { follow: () => Promise.reject(refused) } }, "logs", "web");
  expect(run).toMatchObject({ exitCode: 4, stdout: "" });
  expect(run.stderr).toBe(
    [
      "The log of vps1/systemd/unit/web.service needs root, and root does not get to be root on vps1.",
      "sudo: a password is required",
      "Give the password of sudo with -K, or say becomePassword for this host, or let root be root without one: scrap doctor --sudoers change vps1",
    ].join("\n"),
  );
});

it.each(["tomorrow", "10 m", "5y"])("refuses the time %s", async (time) => {
  const { exitCode, stderr } = await scrap(lab, "logs", "web", "--since", time);
  expect(stderr).toContain("--since");
  expect(exitCode).toBe(2);
});
