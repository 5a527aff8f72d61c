import { expect, it } from "vitest";
import { complaint, load } from "./files.ts";

const inventory = (tool: string, address: string) => `version: 1
hosts: { nas: {} }
repositories:
  offsite: { ${tool}: "${address}", password: "pass:lab/nas" }
`;

it.each([
  ["restic", "rest:https://anna:hunter2@nas.example:8000/"],
  ["restic", "rest:http://anna:hun@ter/2@nas.example/"],
  ["restic", "s3:https://KEY:hunter2@minio.example/bucket"],
  ["restic", "sftp://anna:hunter2@nas//srv/restic"],
  ["restic", "sftp:anna:hunter2@nas:/srv/restic"],
  ["borg", "ssh://anna:hunter2@nas/srv/borg"],
  ["borg", "anna:hunter2@nas:/srv/borg"],
])(
  "takes no password in the address of a repository, and does not repeat it: %s %s",
  async (tool, address) => {
    const said = await complaint(load(inventory(tool, address)));
    expect(said).toMatch(
      new RegExp(
        `^inventory\\.yaml:4:\\d+: repositories\\.offsite\\.${tool}: expected an address without a password`,
      ),
    );
    expect(said).toContain("log in by a key");
    expect(said).not.toContain("hun");
  },
);

it.each([
  "sftp:anna@nas:/srv/restic",
  "sftp://anna@nas:2222//srv/restic",
  "rest:https://nas.example:8000/anna@home/",
  "rest:https://[fe80::1]:8000/a@b/",
  "rest:https://anna@nas.example/",
  "s3:s3.amazonaws.com/bucket",
  "rclone:remote:path@home",
  "b2:bucket:path",
  "/srv/restic/2026:11@home",
])("takes an address without one: %s", async (address) => {
  const { repositories } = await load(inventory("restic", address));
  expect(repositories.get("offsite")).toMatchObject({ address });
});

const sent = (fields: string) => `version: 1
hosts: { nas: {} }
repositories:
  offsite: { ${fields} }
`;

it("knows the host of what is sent to, and asks for it where it is missing", async () => {
  const { repositories } = await load(sent("btrfs: /srv/sent, on: nas"));
  expect(repositories.get("offsite")).toMatchObject({ tool: "btrfs", place: "/srv/sent", host: "nas" });
  expect(await complaint(load(sent("zfs: tank/sent")))).toContain("expected `on` beside `zfs`");
  expect(await complaint(load(sent("zfs: tank/sent, on: nsa")))).toContain('no host is named "nsa"');
  expect(await complaint(load(sent("restic: /srv/restic, on: nas")))).toContain(
    "goes with btrfs or zfs only",
  );
});
