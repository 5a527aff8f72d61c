import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RecordedLab, scrap } from "./harness.ts";

const lab: RecordedLab = {
  inventory: `
version: 1
hosts: { vps1: {}, vps2: {}, nas: {} }
sla: { mail: { downtime: 3d/month, rpo: 1h, rto: 8h } }
repositories: { offsite: { restic: "sftp:backup@elsewhere:/srv/restic" } }
services:
  db: { home: vps2, runs: { unit: ledger.service } }
  mail:
    home: vps1
    runs: { quadlet: mail.pod }
    data: [{ btrfs: /data/mail }, { zfs: tank/lost, on: nas }]
    health: [{ command: [doveadm, status] }, { command: ["true"] }]
    sla: mail
    dependsOn: [db]
    needs: { memory: 1G, raid: true, ports: [25, 993] }
    backups: [{ to: offsite, every: 1d, keepWithin: 90d }]
    snapshots: { every: 90m }
    replica: { on: vps2, every: 15m }
`,
  hosts: { vps1: ["vps1-snapshots", "vps1-healthy"], vps2: ["vps2-healthy"], nas: ["pi-healthy"] },
  faults: {
    answers: {
      vps1: (shell) => {
        if (shell.includes("doveadm")) return { exitCode: 3, stdout: "", stderr: "auth: not running\n" };
        return shell.endsWith(" true") ? { exitCode: 0, stdout: "", stderr: "" } : undefined;
      },
    },
  },
};

beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-20T20:30:00Z") }));
afterAll(() => void vi.useRealTimers());

it("says what is missing of the words, and how they would be right", async () => {
  const { exitCode, stderr } = await scrap(lab, "describe", "mail");
  expect(stderr).toContain("For example: scrap describe service mail");
  expect(exitCode).toBe(2);
  expect((await scrap(lab, "describe", "unit")).stderr).toContain("scrap get unit lists them.");
});

describe("a host", () => {
  it("is described in sections, as a service is", async () => {
    const { stdout } = await scrap(lab, "describe", "host", "vps1");
    expect(stdout).toMatchSnapshot();
  });

  it("is the whole of what is known as a document", async () => {
    const { stdout } = await scrap(lab, "describe", "host", "vps1", "-o", "yaml");
    expect(stdout).toContain("probes:");
  });
});

describe("a disk", () => {
  it("is described in sections, with what stands on it", async () => {
    const { stdout } = await scrap(lab, "describe", "disk", "vps1/blockdevices/disk/loop2");
    expect(stdout).toMatchSnapshot();
  });

  it("of one host has nothing on it of another that calls its own disk the same", async () => {
    const services = "services: { chat: { home: vps1, runs: { compose: chat }, data: [{ path: / }] } }";
    const hosts = { vps1: ["vps1-snapshots", "vps1-healthy"], vps2: ["vps2-healthy"] };
    const inventory = `version: 1\nhosts: { vps1: {}, vps2: {} }\n${services}\n`;
    const { stdout } = await scrap(
      { inventory, hosts },
      "describe",
      "filesystem",
      "vps2/filesystem/filesystem//",
    );
    expect(stdout).not.toContain("chat");
  });
});

describe("a service", () => {
  it("is described in sections: what was wanted, what became of it, and what it stands on", async () => {
    const { stdout, exitCode } = await scrap(lab, "describe", "service", "mail");
    expect(stdout).toMatchSnapshot();
    expect(exitCode).toBe(1);
  });

  it("leaves out what was not said", async () => {
    const { stdout } = await scrap(lab, "describe", "service", "db");
    expect(stdout).toMatch(/^Runs on: +vps2, its home$/m);
    expect(stdout).not.toMatch(/Backups|SLA|Needs|Data|undefined/);
  });
});
