import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inventoryWith, patiently } from "./scrap.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

const host = "vps1";
const state = mkdtempSync(join(tmpdir(), "scrap-docker-"));
const image = "tests-docker";

// Each writes its version into its data first: so that it is seen whose data it is.
const serve = (version: string, then: string) =>
  `trap 'exit 0' TERM; echo ${version} >>/data/versions; httpd -f -p 80 -h /www & ${then}`;

const versions: Readonly<Record<string, string>> = {
  "1.0.0": serve("1.0.0", "wait"),
  "1.1.0": serve("1.1.0", "wait"),
  "1.2.0": serve("1.2.0", "sleep 3; echo cannot open the database; exit 3"),
};

const build = Object.entries(versions)
  .map(
    ([version, words]) => `docker build -q -t ${image}:${version} - 2>/dev/null <<'END'
FROM httpd:1
ENTRYPOINT ${JSON.stringify(["/bin/sh", "-c", words])}
STOPSIGNAL SIGTERM
END`,
  )
  .join("\n");

/** Comments and the other service stay as they are when the version changes. */
const compose = (version: string) => `services:
  # 1.0 lost data
  app:
    image: "${image}:${version}" # as long as it holds
    restart: always
    ports: ["18421:80"]
    volumes: ["/data/tests-project:/data"]
  clock:
    image: httpd:1
    command: sleep 2147483647
    init: true
`;

const unit = `[Service]
EnvironmentFile=/etc/tests-box/version.env
ExecStartPre=-/usr/bin/docker rm -f tests-box
ExecStart=/usr/bin/docker run --rm --name tests-box -p 18422:80 -v /data/tests-box:/data ${image}:\${TAG}
Restart=always
RestartSec=1
[Install]
WantedBy=multi-user.target
`;

const services = `  tests-project:
    home: ${host}
    runs: { compose: tests-project }
    from: { compose: project/compose.yaml, to: /srv/tests-project }
    version: { image: ${image} }
    data: [{ btrfs: /data/tests-project }]
    health: [{ http: "http://127.0.0.1:18421/health" }]
  tests-box:
    home: ${host}
    runs: { unit: tests-box.service }
    from: { files: box, to: /etc/tests-box }
    version: { image: ${image}, in: "box/version.env#TAG" }
    data: [{ btrfs: /data/tests-box }]
    health: [{ http: "http://127.0.0.1:18422/health" }]
`;

const inventory = inventoryWith(services);
const scrap = (...argv: readonly string[]) => patiently(inventory, ...argv);

function declare(file: string, text: string): void {
  mkdirSync(dirname(join(dirname(inventory), file)), { recursive: true });
  writeFileSync(join(dirname(inventory), file), text);
}

/** A Compose project, and a container that a unit keeps. */
const kinds = {
  "tests-project": { pin: "project/compose.yaml", text: compose, container: "tests-project-app-1" },
  "tests-box": {
    pin: "box/version.env",
    text: (version: string) => `TAG=${version}\n`,
    container: "tests-box",
  },
} as const;

type Name = keyof typeof kinds;

const seen = async (name: Name) => ({
  pin: readFileSync(join(dirname(inventory), kinds[name].pin), "utf8"),
  runs: await onHost(host, `docker ps --filter name=^${kinds[name].container}$ --format '{{.Image}}'`),
  wrote: [...new Set((await onHost(host, `cat /data/${name}/versions`)).split("\n"))],
});

const isAt = (name: Name, version: string, ...wrote: readonly string[]) => ({
  pin: kinds[name].text(version),
  runs: `${image}:${version}`,
  wrote,
});

const tearDown = () =>
  tryOnHost(
    host,
    `set +e; exec 2>/dev/null; systemctl disable -q --now tests-box; docker rm -f tests-box; rm -rf /etc/systemd/system/tests-box.service /etc/tests-box
     docker compose -p tests-project down -t 0; rm -rf /srv/tests-project /var/lib/scrap/placed/tests-project* /var/lib/scrap/placed/tests-box*
     systemctl daemon-reload; systemctl reset-failed tests-box; rm -rf /var/lib/scrap/jobs/*-tests-project-* /var/lib/scrap/jobs/*-tests-box-*
     for name in tests-project tests-box; do
       for s in /data/.scrap/$name/* /data/$name*; do btrfs -q subvolume delete "$s"; done; rmdir /data/.scrap/$name
     done
     docker rmi -f ${Object.keys(versions)
       .map((version) => `${image}:${version}`)
       .join(" ")}`,
    120,
  );

beforeAll(async () => {
  process.env["XDG_STATE_HOME"] = state;
  await tearDown();
  await onHost(host, build, 120);
  declare("box/tests-box.service", unit);
  for (const { pin, text } of Object.values(kinds)) declare(pin, text("1.0.0"));
});

afterAll(async () => {
  delete process.env["XDG_STATE_HOME"];
  await tearDown();
  rmSync(state, { recursive: true, force: true });
});

const timing = { retry: 0, timeout: 600_000 };

async function isDeployedOnce(name: Name): Promise<void> {
  expect(await scrap("deploy", name, "--yes")).toMatchObject({ exitCode: 0 });
  expect(await seen(name)).toEqual(isAt(name, "1.0.0", "1.0.0"));
  expect(await scrap("deploy", name, "--yes")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("nothing to do"),
  });
}

async function comesBack(name: Name): Promise<void> {
  const before = await seen(name);
  const failed = await scrap("upgrade", name, "--to", "1.2.0", "--yes", "--within", "8s", "--soak", "10s");
  expect(failed).toMatchObject({ exitCode: 4 });
  expect(failed.stdout).toContain("cannot open the database");
  const [, aside = ""] = /Kept, until you take it away: (\S+) on vps1/.exec(failed.stdout) ?? [];
  expect(await onHost(host, `cat ${aside}/versions`)).toContain("1.2.0");
  expect(await seen(name)).toEqual(before);
}

describe("a Compose project", timing, () => {
  const name = "tests-project";
  it("is put there with its data, and a second time there is nothing to do", () => isDeployedOnce(name));

  it("is upgraded where its version stands, and nothing else is changed there", async () => {
    const upgraded = await scrap("upgrade", name, "--to", "1.1.0", "--yes", "--soak", "2s");
    expect(upgraded.exitCode).toBe(0);
    expect(await seen(name)).toEqual(isAt(name, "1.1.0", "1.0.0", "1.1.0"));
  });

  it("comes back with its old data when the new version dies", () => comesBack(name));

  it("is taken back with its data", async () => {
    const back = await scrap("rollback", name, "--with-data", "--yes", "--soak", "1s");
    expect(back.exitCode).toBe(0);
    expect(await seen(name)).toEqual(isAt(name, "1.0.0", "1.0.0"));
  });
});

describe("a container of Docker that a unit keeps", timing, () => {
  const name = "tests-box";
  it("is put there with its data, and a second time there is nothing to do", () => isDeployedOnce(name));
  it("comes back with its old data when the new version dies", () => comesBack(name));
});
