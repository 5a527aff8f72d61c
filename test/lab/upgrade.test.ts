import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inventoryFor, type Run, scrap } from "./scrap.ts";
import { sleep } from "./shell.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

const name = "upgrade-page";
const data = `/data/${name}`;

// Each writes its version into its data first: so that it is seen whose data it is.
const serve = (version: string, folder = "/www", then = "wait") =>
  `trap 'exit 0' TERM; echo ${version} >> /data/versions; httpd -f -p 80 -h ${folder} & ${then}`;

const entrypoints: Readonly<Record<string, readonly string[]>> = {
  "1.0.0": ["/bin/sh", "-c", serve("1.0.0")],
  "1.1.0": ["/bin/sh", "-c", serve("1.1.0")],
  "1.2.0": ["/bin/is-not-there"],
  "1.3.0": ["/bin/sh", "-c", serve("1.3.0", "/www", "sleep 6; exit 3")],
  "1.4.0": ["/bin/sh", "-c", serve("1.4.0", "/tmp")],
};

const build = Object.entries(entrypoints)
  .map(
    ([version, words]) => `podman build -q -t localhost/${name}:${version} -f - . <<'END'
FROM localhost/httpd:1
ENTRYPOINT ${JSON.stringify(words)}
STOPSIGNAL SIGTERM
END`,
  )
  .join("\n");

const quadlet = `[Container]
# The first one lost data
Image=localhost/${name}:1.0.0
PublishPort=18392:80
Volume=${data}:/data
PodmanArgs=--cgroups=disabled

[Service]
Restart=always
RestartSec=1
`;

const feed = `<feed xmlns="http://www.w3.org/2005/Atom">${["2.0.0", "1.1.0", "1.0.0"]
  .map((version) => `<entry><title>v${version}</title><content>Tables are migrated</content></entry>`)
  .join("")}</feed>`;
const forge = createServer((_, answer) => answer.end(feed));

let inventory = "";
const pinFile = () => join(dirname(inventory), name, `${name}.container`);

/** Others may hold the host for a while. */
async function patiently(...argv: readonly string[]): Promise<Run> {
  for (let left = 30; ; left -= 1) {
    const run = await scrap(argv, inventory);
    if (left === 0 || run.exitCode !== 6 || !run.stdout.includes(" is held by ")) return run;
    await sleep(2_000);
  }
}

const seen = async () => ({
  pin: /Image=(.*)/.exec(readFileSync(pinFile(), "utf8"))?.[1],
  runs: await onHost("vps1", `podman ps --filter name=systemd-${name} --format '{{.Image}}'`),
  wrote: [...new Set((await onHost("vps1", `cat ${data}/versions`)).split("\n"))],
});

const isAt = (version: string, ...wrote: readonly string[]) => ({
  pin: `localhost/${name}:${version}`,
  runs: `localhost/${name}:${version}`,
  wrote,
});

beforeAll(async () => {
  process.env["XDG_STATE_HOME"] = mkdtempSync(join(tmpdir(), "scrap-upgrade-"));
  inventory = inventoryFor("ops");
  mkdirSync(dirname(pinFile()));
  writeFileSync(pinFile(), quadlet);
  await new Promise<void>((resolve) => forge.listen(0, "127.0.0.1", resolve));
  const { port } = forge.address() as AddressInfo;
  const service = `  ${name}:
    home: vps1
    runs: { quadlet: ${name}.container }
    from: { files: ${name} }
    data: [{ btrfs: ${data} }]
    health: [{ http: "http://127.0.0.1:18392/health" }]
    releases: http://127.0.0.1:${port}/releases.atom
`;
  writeFileSync(inventory, `${readFileSync(inventory, "utf8").trimEnd()}\n${service}`);
  await onHost("vps1", build, 120);
  const { exitCode, stdout, stderr } = await patiently("deploy", name, "--yes");
  expect({ exitCode, tail: exitCode === 0 ? "" : stdout + stderr }).toEqual({ exitCode: 0, tail: "" });
}, 170_000);

afterAll(async () => {
  forge.close();
  // No -e: what is not there need not be taken away.
  await tryOnHost(
    "vps1",
    `set +e; systemctl stop ${name}; rm -f /etc/containers/systemd/${name}.container; systemctl daemon-reload
     systemctl reset-failed ${name}
     for s in /data/.scrap/${name}/* ${data}*; do btrfs subvolume delete "$s"; done; rmdir /data/.scrap/${name}
     podman rmi ${Object.keys(entrypoints)
       .map((version) => `localhost/${name}:${version}`)
       .join(" ")}`,
    120,
  );
});

describe("an upgrade", () => {
  it("is announced with what its feed says, and changes nothing as a dry run", async () => {
    const { exitCode, stdout } = await scrap(["outdated", name, "--json"], inventory);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).services).toMatchObject([
      { service: name, pin: "1.0.0", next: "1.1.0", nextMajor: "2.0.0", newer: "2", warnings: ["migration"] },
    ]);
    expect(await scrap(["upgrade", name, "--dry-run"], inventory)).toMatchObject({ exitCode: 8 });
    expect(await scrap(["upgrade", name, "--to", "2.0.0"], inventory)).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("--major"),
    });
    expect(await seen()).toEqual(isAt("1.0.0", "1.0.0"));
  });

  it("to a good version brings that, and the second time there is nothing to do", async () => {
    const { exitCode } = await patiently("upgrade", name, "--yes", "--soak", "3s");
    expect(exitCode).toBe(0);
    expect(await seen()).toEqual(isAt("1.1.0", "1.0.0", "1.1.0"));
    expect(await scrap(["upgrade", name, "--yes"], inventory)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("nothing to do"),
    });
  });

  it.each([
    ["does not start", "1.2.0", `Restart ${name}.service on vps1: exit 1`],
    ["starts and dies", "1.3.0", "the count of restarts"],
    ["never gets well", "1.4.0", "answers 404"],
  ])("to one that %s brings the old version and the old data back", async (_, version, why) => {
    const { exitCode, stdout } = await patiently(
      ...["upgrade", name, "--to", version, "--yes", "--within", "6s", "--soak", "10s"],
    );
    expect(exitCode).toBe(4);
    expect(stdout).toContain(why);
    const [, aside = ""] = /Kept, until you take it away: (\S+) on vps1/.exec(stdout) ?? [];
    expect(aside).toMatch(`${data}_aside-`);
    if (version !== "1.2.0") expect(await onHost("vps1", `cat ${aside}/versions`)).toContain(version);
    expect(await seen()).toEqual(isAt("1.1.0", "1.0.0", "1.1.0"));
  });

  it("can be taken back with its data, once", async () => {
    const { exitCode } = await patiently("rollback", name, "--with-data", "--yes", "--soak", "1s");
    expect(exitCode).toBe(0);
    expect(await seen()).toEqual(isAt("1.0.0", "1.0.0"));
    expect(await scrap(["rollback", name, "--yes"], inventory)).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("There is no upgrade"),
    });
  });
});
