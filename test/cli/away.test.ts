import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { UnreachableError, UsageError } from "../../src/errors.ts";
import { type RecordedLab, scrap } from "./harness.ts";

const journal = mkdtempSync(join(tmpdir(), "scrap-away-"));
afterAll(() => rmSync(journal, { recursive: true }));

const lab: RecordedLab = {
  inventory: `
version: 1
hosts: { vps2: {}, old: {} }
repositories:
  offsite: { restic: /srv/restic, password: "env:NOBODY" }
services:
  ledger: { home: vps2, runs: { unit: ledger.service } }
  mail:
    home: old
    runs: { unit: mail.service }
    data: [{ path: /data/mail }]
    backups: [{ to: offsite, every: 1d }]
`,
  hosts: {
    vps2: ["vps2-healthy"],
    old: new UnreachableError("connect", "old (10.0.20.40:22) refused the connection."),
  },
  journal,
};

it.each([["status"], ["get", "service"], ["backups"], ["snapshots"], ["schedule", "status", "mail"]])(
  "%s %s ends with 3 where a host is away",
  async (...argv) => {
    const { exitCode, stdout, stderr } = await scrap(lab, ...argv.filter((word) => word !== undefined));
    expect(`${stdout}\n${stderr}`).toContain("old");
    expect(exitCode).toBe(3);
  },
);

it("ends with 2 where a secret is not where the inventory says, whatever was asked for", async () => {
  const noSecret = () => new UsageError("The secret env:NOBODY: there is no such variable.");
  const answer = (shell: string) => {
    if (shell.includes("/srv/restic")) return noSecret();
    return shell.includes("/var/lib/scrap/") ? { exitCode: 1, stdout: "", stderr: "" } : undefined;
  };
  const asked: RecordedLab = {
    ...lab,
    inventory: lab.inventory.replace("home: old", "home: vps2"),
    faults: { answers: { vps2: answer } },
  };
  for (const argv of [["backups"], ["verify", "offsite", "--dry-run"]]) {
    const { exitCode, stdout, stderr } = await scrap(asked, ...argv);
    expect(`${stdout}${stderr}`).toContain("The secret env:NOBODY: there is no such variable.");
    expect(exitCode).toBe(2);
  }
});
