import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inventoryWith, patiently } from "./scrap.ts";
import { until } from "./shell.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

const host = "vps1";
const registry = "127.0.0.1:5000";
const image = `${registry}/tests-pulled`;
const state = mkdtempSync(join(tmpdir(), "scrap-registry-"));

/** What a registry is given, and this host forgets. */
const push = (tag: string, words: string) => `podman build -q -t ${image}:${tag} -f - . <<'END'
FROM localhost/httpd:1
ENTRYPOINT ${JSON.stringify(["/bin/sh", "-c", words])}
STOPSIGNAL SIGKILL
END
podman push -q ${image}:${tag}; podman rmi ${image}:${tag}`;

const serve = "exec httpd -f -p 80 -h /www";

const quadlet = (version: string) => `[Container]
Image=${image}:${version}
ContainerName=tests-pulled
PublishPort=18431:80
PodmanArgs=--cgroups=disabled

[Service]
Restart=always
`;

const compose = (version: string) => `services:
  app:
    image: ${image}:${version}
    restart: always
    ports: ["18432:80"]
`;

const loop = quadlet("stable")
  .replace("ContainerName=tests-pulled", "ContainerName=tests-loop\nAutoUpdate=registry")
  .replace("PublishPort=18431:80\n", "");

const services = `  tests-pulled:
    home: ${host}
    runs: { quadlet: tests-pulled.container }
    from: { files: pulled }
    health: [{ http: "http://127.0.0.1:18431/health" }]
  tests-composed:
    home: ${host}
    runs: { compose: tests-composed }
    from: { compose: composed/compose.yaml, to: /srv/tests-composed }
    health: [{ http: "http://127.0.0.1:18432/health" }]
  tests-loop:
    home: ${host}
    runs: { quadlet: tests-loop.container }
    from: { files: loop }
`;

const inventory = inventoryWith(services);
const scrap = (...argv: readonly string[]) => patiently(inventory, ...argv);

const kinds = {
  "tests-pulled": { file: "pulled/tests-pulled.container", text: quadlet, engine: "podman" },
  "tests-composed": { file: "composed/compose.yaml", text: compose, engine: "docker" },
} as const;

type Name = keyof typeof kinds;

function declare(file: string, text: string): void {
  mkdirSync(dirname(join(dirname(inventory), file)), { recursive: true });
  writeFileSync(join(dirname(inventory), file), text);
}

/** What runs, and since when. */
const running = (name: Name) =>
  onHost(
    host,
    `${kinds[name].engine} ps -q --filter name=${name} | xargs ${kinds[name].engine} inspect --format '{{.Config.Image}} {{.State.StartedAt}}'`,
  );

const tearDown = () =>
  tryOnHost(
    host,
    `set +e; exec 2>/dev/null; systemctl stop tests-pulled tests-loop; rm -f /etc/containers/systemd/tests-pulled.container /etc/containers/systemd/tests-loop.container
     docker compose -p tests-composed down -t 0; rm -rf /srv/tests-composed /var/lib/scrap/placed/tests-* /var/lib/scrap/jobs/*-tests-*
     systemctl daemon-reload; systemctl reset-failed tests-pulled tests-loop
     for engine in podman docker; do $engine images --format '{{.Repository}}:{{.Tag}}' | grep ^${image}: | xargs -r $engine rmi -f; done
     systemctl stop docker-registry; rm -rf /var/lib/docker-registry/docker`,
    120,
  );

beforeAll(async () => {
  process.env["XDG_STATE_HOME"] = state;
  await tearDown();
  await onHost(host, "systemctl start docker-registry");
  await until(
    "the registry answers",
    20,
    async () =>
      (
        await tryOnHost(
          host,
          `wget -q -O - http://${registry}/v2/ || busybox wget -q -O - http://${registry}/v2/`,
        )
      ).code === 0,
  );
  await onHost(host, ["1.0.0", "1.1.0", "1.2.0", "stable"].map((tag) => push(tag, serve)).join("\n"), 120);
});

afterAll(async () => {
  delete process.env["XDG_STATE_HOME"];
  await tearDown();
  rmSync(state, { recursive: true, force: true });
});

describe.each(Object.keys(kinds) as readonly Name[])(
  "%s, whose image a registry has",
  { retry: 0, timeout: 600_000 },
  (name) => {
    const { file, text } = kinds[name];

    it("is pulled, and is pulled anew before the old one is stopped", async () => {
      declare(file, text("1.0.0"));
      const deployed = await scrap("deploy", name, "--yes");
      expect(deployed.exitCode).toBe(0);
      const upgraded = await scrap("upgrade", name, "--to", "1.1.0", "--yes", "--soak", "1s");
      expect(upgraded.exitCode).toBe(0);
      expect(await running(name)).toContain(`${image}:1.1.0 `);
    });

    it("goes on running where the registry has no such image", async () => {
      const before = await running(name);
      const missing = await scrap("upgrade", name, "--to", "1.9.9", "--yes");
      expect(missing.exitCode).toBe(4);
      expect(missing.stdout).toContain(`${registry} has no ${image}:1.9.9`);
      expect(await running(name)).toBe(before);
      expect(readFileSync(join(dirname(inventory), file), "utf8")).toBe(text("1.1.0"));
    });

    it("goes on running where the registry does not answer", async () => {
      const before = await running(name);
      await onHost(host, "systemctl stop docker-registry");
      const away = await scrap("upgrade", name, "--to", "1.2.0", "--yes");
      expect(away.exitCode).toBe(4);
      expect(away.stdout).toContain(`the registry ${registry} does not answer this host`);
      expect(await running(name)).toBe(before);
      expect(readFileSync(join(dirname(inventory), file), "utf8")).toBe(text("1.1.0"));
      await onHost(host, "systemctl start docker-registry");
    });
  },
);

describe("what podman updates by itself", { retry: 0, timeout: 600_000 }, () => {
  it("is told where it says that it went well, and the service dies again and again", async () => {
    declare("loop/tests-loop.container", loop);
    const deployed = await scrap("deploy", "tests-loop", "--yes");
    expect(deployed.exitCode).toBe(0);
    await onHost(host, push("stable", "sleep 1; exit 3").replace(/; podman rmi.*/, ""));
    await onHost(host, "systemctl start podman-auto-update.service");
    await until("it dies again and again", 60, async () =>
      /^([3-9]|\d\d)/.test(await onHost(host, "systemctl show -P NRestarts tests-loop")),
    );
    const outdated = await scrap("outdated", "tests-loop");
    expect(outdated.exitCode).toBe(1);
    expect(outdated.stdout).toMatch(/tests-loop\.service .*called a success, but/);
  });
});
