import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inventoryWith, patiently, type Run } from "./scrap.ts";
import { until } from "./shell.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

const host = "nas";
const name = "tests-room";
/** Small disks of the host: for what the service is put in place from, and for its backups. */
const placed = "/srv/tests-placed";
const repository = "/srv/tests-repository";
const state = mkdtempSync(join(tmpdir(), "scrap-shortage-"));

const services = `  ${name}:
    home: ${host}
    runs: { unit: ${name}.service }
    from: { files: room, to: ${placed} }
    version: { in: "room/version.env#TAG" }
    data: [{ btrfs: /srv/${name} }]
    backups: [{ to: tests-repository, every: 1d }]
  tests-composed:
    home: ${host}
    runs: { compose: tests-composed }
    from: { compose: composed/compose.yaml, to: /srv/tests-composed }
  tests-quadlet:
    home: ${host}
    runs: { quadlet: tests-quadlet.container }
    from: { files: quadlet }
  tests-played:
    home: ${host}
    runs: { unit: ssh.service }
    from: { playbook: site.yml }

repositories:
  tests-repository: { restic: ${repository}/restic, password: "cmd:echo open sesame" }
`;

const files = {
  [`room/${name}.service`]: `[Service]\nEnvironmentFile=${placed}/version.env\nExecStart=/bin/sleep 2147483647\n[Install]\nWantedBy=multi-user.target\n`,
  "room/version.env": "TAG=1.0.0\n",
  "composed/compose.yaml": "services: { app: { image: 'httpd:1' } }\n",
  "quadlet/tests-quadlet.container": "[Container]\nImage=localhost/httpd:1\n",
  "site.yml": "- hosts: all\n  tasks: []\n",
};

const [inventory, guests] = ["ops", "guest"].map((user) => {
  const file = inventoryWith(services, user);
  for (const [each, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dirname(file), each)), { recursive: true });
    writeFileSync(join(dirname(file), each), text);
  }
  return file;
}) as [string, string];

const scrap = (...argv: readonly string[]) => patiently(inventory, ...argv);
const all = ({ stdout, stderr }: Run) => stdout + stderr;

const fill = (folder: string) => onHost(host, `cat /dev/zero >${folder}/fill 2>/dev/null || true`);
/** Another one each time that it was started. */
const life = () => onHost(host, `systemctl is-active ${name}; systemctl show -P InvocationID ${name}`);

const tearDown = () =>
  tryOnHost(
    host,
    `set +e; exec 2>/dev/null; systemctl disable -q --now ${name}; rm -f /etc/systemd/system/${name}.service; systemctl daemon-reload
     umount ${placed} ${repository}; rm -rf ${placed} ${repository} /run/${name} /var/lib/scrap/placed/${name} /var/lib/scrap/jobs/*-${name}-*
     for s in /srv/.scrap/${name}/* /srv/${name}*; do btrfs -q subvolume delete "$s"; done; rmdir /srv/.scrap/${name} /srv/.scrap
     grep -qs -e -${name}- /var/lib/scrap/lock && rm /var/lib/scrap/lock`,
  );

beforeAll(async () => {
  process.env["XDG_STATE_HOME"] = state;
  await tearDown();
  await onHost(
    host,
    `mkdir ${placed} ${repository}; mount -t tmpfs -o size=64k,mode=755 none ${placed}; mount -t tmpfs -o size=3m,mode=700 none ${repository}`,
  );
  expect(await scrap("deploy", name, "--yes")).toMatchObject({ exitCode: 0 });
});

afterAll(async () => {
  delete process.env["XDG_STATE_HOME"];
  await tearDown();
  rmSync(state, { recursive: true, force: true });
});

describe("a full disk of the host", { retry: 0, timeout: 300_000 }, () => {
  it("brings an upgrade back to where it was, the service running", async () => {
    await fill(placed);
    const upgraded = await scrap("upgrade", name, "--to", "1.1.0", "--yes", "--soak", "1s");
    expect(all(upgraded)).toMatch(/No space left on device\n\/srv\/tests-placed\/version.env is as it was/);
    expect(upgraded).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining("All that was changed was put back."),
    });
    expect(await life()).toMatch(/^active\n/);
    expect(await onHost(host, `cat ${placed}/version.env; rm ${placed}/fill`)).toBe("TAG=1.0.0");
    expect(readFileSync(join(dirname(inventory), "room/version.env"), "utf8")).toBe("TAG=1.0.0\n");
  });

  it("leaves the backups that were there whole, and the new one is none", async () => {
    await onHost(host, `head -c 500000 /dev/urandom >/srv/${name}/some`);
    expect(await scrap("backup", name, "--init", "--yes")).toMatchObject({ exitCode: 0 });
    await onHost(host, `head -c 6000000 /dev/urandom >/srv/${name}/more`);
    const backup = await scrap("backup", name, "--yes");
    expect(backup).toMatchObject({ exitCode: 4 });
    expect(all(backup)).toContain(
      "Back up to tests-repository on nas: the disk is full, of nas or of tests-repository",
    );
    await onHost(host, `rm /srv/${name}/more`);
    const listed = JSON.parse((await scrap("backups", name, "--json")).stdout);
    expect(listed.backups).toHaveLength(1);
    const restored = await scrap("restore", name, "--from", listed.backups[0].id, "--drill", "--yes");
    expect(restored).toMatchObject({ exitCode: 0 });
  });
});

describe.skipIf(process.getuid?.() !== 0)("a full disk here", { retry: 0, timeout: 300_000 }, () => {
  const small = join(state, "small");
  const journals = join(small, "scrap/journal");
  beforeEach(() => {
    mkdirSync(journals, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=700", "none", small]);
    mkdirSync(journals, { recursive: true, mode: 0o700 });
    process.env["XDG_STATE_HOME"] = small;
  });
  afterEach(() => {
    process.env["XDG_STATE_HOME"] = state;
    execFileSync("umount", ["-l", small]);
  });
  const fillHere = () => execFileSync("sh", ["-c", `cat /dev/zero >${small}/fill 2>/dev/null || true`]);
  const makeRoom = () => rmSync(join(small, "fill"));

  it("lets nothing begin", async () => {
    const before = await life();
    fillHere();
    const run = await scrap("restart", name, "--yes");
    expect(run).toMatchObject({
      exitCode: 6,
      stderr: expect.stringMatching(/no space left on device.*\nNothing was begun\. Make room/),
    });
    expect(await life()).toBe(before);
    makeRoom();
    expect((await scrap("journal", "--json")).stdout).not.toContain(name);
  });

  it("stops what goes on, says so, and with room it goes on: each step once", async () => {
    const id = `20261121-0000-${name}-${Date.now()}`;
    const count = `/run/${name}`;
    const steps = Array.from({ length: 12 }, (_, index) => ({
      ...{
        kind: "run",
        id: `count-${index}`,
        title: `Count ${index}`,
        effect: "changes",
        host,
        timeoutMs: 60_000,
      },
      command: { argv: ["sh", "-c", `echo ${index} >>${count}; sleep 1`], asRoot: true },
    }));
    const plan = { format: 1, id, operation: "count", title: "Count", madeAt: "2026-11-21T00:00:00.000Z" };
    const rest = { services: [], hosts: [host], basis: [], onFailure: "stop", steps, notes: [] };
    writeFileSync(join(state, "plan.json"), JSON.stringify({ ...plan, ...rest }));
    const journal = join(journals, `${id}.jsonl`);
    const running = scrap("apply", join(state, "plan.json"), "--yes");
    await until("it goes on", 100, () => existsSync(journal) && /"done"/.test(readFileSync(journal, "utf8")));
    fillHere();
    const stopped = await running;
    expect(stopped).toMatchObject({ exitCode: 5 });
    expect(all(stopped)).toMatch(/cannot be written: .*no space left|The disk of .* is full/);
    const status = await scrap("status", host);
    expect(status.stdout).toMatch(/PROBLEMS\n.*Count/);
    makeRoom();
    const resumed = await scrap("resume", id);
    expect(resumed).toMatchObject({ exitCode: 0 });
    expect(await onHost(host, `cat ${count}`)).toBe(steps.map((_, index) => index).join("\n"));
    expect(await scrap("journal", "verify", id)).toMatchObject({ exitCode: 0 });
    expect(readdirSync(journals)).toContain(`${id}.jsonl`);
  });
});

describe("what is not allowed or not there", { retry: 0, timeout: 300_000 }, () => {
  it.each([["restart"], ["deploy"], ["snapshot"], ["stop"]])(
    "is said before anything is begun: %s as guest",
    async (verb) => {
      const before = await life();
      const run = await patiently(guests, verb, name, "--yes");
      expect(run.exitCode).not.toBe(0);
      expect(all(run)).toMatch(/nas does not let us run this as root: .*\n.*becomePassword/);
      expect(await life()).toBe(before);
    },
  );

  it.each([
    ["tests-composed", "There is no Compose on nas."],
    ["tests-quadlet", "There is no podman on nas, which runs quadlets."],
  ])("is said before anything is begun: the tool for %s", async (service, why) => {
    expect(await scrap("deploy", service, "--yes")).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining(why),
    });
    expect(
      await onHost(host, "ls -d /srv/tests-composed /etc/containers/systemd/tests-* 2>/dev/null || true"),
    ).toBe("");
  });

  it("is said before anything is begun: ansible-playbook here", async () => {
    const bin = mkdtempSync(join(state, "bin-"));
    const { PATH = "" } = process.env;
    // All that is in the PATH, but what belongs to Ansible.
    for (const folder of PATH.split(":").filter(existsSync).toReversed())
      execFileSync("sh", ["-c", 'ln -sf "$1"/* "$2"; rm -f "$2"/ansible*', "sh", folder, bin]);
    process.env["PATH"] = bin;
    const run = await scrap("deploy", "tests-played", "--yes").finally(() => {
      process.env["PATH"] = PATH;
    });
    expect(run).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("There is no ansible-playbook on this machine."),
    });
  });
});
