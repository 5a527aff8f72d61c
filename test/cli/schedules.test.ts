import { expect, it } from "vitest";
import { scrap } from "./harness.ts";

const inventory = (every: string) => `
version: 1
hosts: { vps1: , vps2: }
services:
  web: { home: vps1, runs: { quadlet: web.container }, data: [{ btrfs: /data/web }], backups: [{ to: tapes, every: 1d }]${every} }
repositories: { tapes: { btrfs: /srv/backups, on: vps2 } }
`;
const hosts = { vps1: ["vps1-healthy"], vps2: ["vps2-healthy"] };

it("asks nobody to install what is made from here alone", async () => {
  const sent = await scrap({ inventory: inventory(""), hosts }, "schedule", "status");
  expect(sent).toMatchObject({ exitCode: 0 });
  expect(sent.stdout).toMatch(/backup to tapes .* made from here/);
  expect(sent.stdout).toMatch(/From here: scrap backup web --to tapes$/);
  const both = await scrap(
    { inventory: inventory(", snapshots: { every: 1h }"), hosts },
    "schedule",
    "status",
  );
  expect(both).toMatchObject({ exitCode: 1 });
  expect(both.stdout).toMatch(/^! web, snapshot: scrap schedule install web$/m);
});
