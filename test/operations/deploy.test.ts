import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/plan/digest.ts";
import { idsOf, parsePlan } from "../../src/plan/parse-plan.ts";
import { draw } from "./draw.ts";
import { planIn, runsQuadlet, type Scene, unitState as state } from "./played-deploy.ts";

const quadlet = (image: string) => `[Container]
Image=${image}
Environment=DB_PASSWORD=hunter2

[Install]
WantedBy=multi-user.target
`;

const running: Scene = {
  inventory: `
hosts: { vps1: {} }
services:
  web:
    home: vps1
    runs: { quadlet: web.container }
    from: { files: web }
    health: [{ http: "http://127.0.0.1:8080/" }]
    needs: { ports: [8080] }
`,
  own: { "/lab/web/web.container": quadlet("localhost/web:2") },
  there: { "/etc/containers/systemd/web.container": quadlet("localhost/web:1") },
  says: { "podman image exists": "", ...runsQuadlet.says },
  main: runsQuadlet.main,
};

it("shows what differs, and how the old one comes back", async () => {
  const plan = await planIn(running);
  expect(parsePlan(JSON.parse(JSON.stringify(plan)), "the plan")).toEqual(plan);
  expect(draw(plan)).toMatchInlineSnapshot(`
    "Deploy web on vps1
      7 steps · interrupts what people use · away for about 2 s · walks back when a step fails
       1 ? See that vps1 has what web needs  vps1
            way back: Let systemd read its units as they were (systemctl daemon-reload)
            way back: Forget how often the new one failed (systemctl reset-failed -- web.service)
            way back: Start web.service as it was (systemctl start -- web.service)
            way back: Wait for web to be well for 3 s (systemctl show --value --property=ActiveState -- web.service → /^(active)$/ and http://127.0.0.1:8080/)
       2 ~ Replace /etc/containers/systemd/web.container  vps1
            /etc/containers/systemd/web.container (0644) from /lab/web/web.container
            @@ -1,5 +1,5 @@
             [Container]
            -Image=localhost/web:1
            +Image=localhost/web:2
             Environment=DB_PASSWORD=…
             
             [Install]
            checked: /etc/containers/systemd/web.container says so (sha256sum -- /etc/containers/systemd/web.container → 345135d1d51bae6189af401a858a5c2e4e08a747d0b65ff0bbd3ff86dcbd6435  /etc/containers/systemd/web.container)
            way back: Put /etc/containers/systemd/web.container back (/etc/containers/systemd/web.container as it was)
       3 ~ Let systemd read its units  vps1
            systemctl daemon-reload
       4 ? See that systemd understands web.service  vps1
            checked: web.service is loaded (systemctl show --value --property=LoadState -- web.service → loaded)
       5 ! Restart web.service  vps1
            systemctl restart -- web.service
            checked: web.service was started anew (systemctl show --value --property=InvocationID -- web.service → /^(?!a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1)[0-9a-f]{32}$/)
            way back: Stop web.service (systemctl stop -- web.service)
       6 ? Wait for web to be well for 10 s  vps1  (no way back after this)
            checked: web.service is active (systemctl show --value --property=ActiveState -- web.service → /^(active)$/)
            checked: http://127.0.0.1:8080/ (http://127.0.0.1:8080/)
       7 ~ Note which files of web are ours  vps1
            /var/lib/scrap/placed/web (0600) 135 bytes"
  `);
});

it("has nothing to do where all is as declared and runs", async () => {
  const plan = await planIn({
    ...running,
    there: { "/etc/containers/systemd/web.container": quadlet("localhost/web:2") },
  });
  expect(plan.steps).toEqual([]);
});

it("starts what is in place and does not run, and stops nothing for it", async () => {
  const { main: _, ...rest } = running;
  const plan = await planIn({
    ...rest,
    own: { "/lab/web/web.container": quadlet("localhost/web:1") },
    says: { ...running.says, "systemctl show --property=Id": state("failed"), "ss -Hltnp": "" },
  });
  expect(plan.steps.map(({ title }) => title)).toEqual([
    "See that vps1 has what web needs",
    "Let systemd read its units",
    "See that systemd understands web.service",
    "Start web.service",
    "Wait for web to be well for 10 s",
    "Note which files of web are ours",
  ]);
  expect(plan.steps.every(({ effect }) => effect === "reads" || effect === "changes")).toBe(true);
});

it("brings an image before anything is stopped, and refuses one that nobody can bring", async () => {
  const pulled = (image: string): Scene => ({
    ...running,
    own: { "/lab/web/web.container": quadlet(image) },
    says: { ...running.says, "podman image exists": 1 },
  });
  const ids = idsOf((await planIn(pulled("registry.lab/web:2"))).steps);
  expect(ids.indexOf("pull-1")).toBeLessThan(ids.indexOf("write-1"));
  await expect(planIn(pulled("localhost/web:3"))).rejects.toThrow(
    "The image localhost/web:3 is not on vps1, and was made by hand",
  );
});

it("never shows a secret", async () => {
  const plan = await planIn({
    ...running,
    own: { ...running.own, "/lab/web/web.env": "TOKEN=hunter3\n" },
  });
  expect(JSON.stringify(plan)).not.toMatch(/hunter/);
  expect(draw(plan)).toContain("not shown: it may hold secrets");
});

it("refuses a port that another one has, naming who", async () => {
  const { main: _, ...rest } = running;
  const taken = 'LISTEN 0 511 0.0.0.0:8080 0.0.0.0:* users:(("nginx",pid=71,fd=6))\n';
  await expect(planIn({ ...rest, there: {}, says: { ...running.says, "ss -Hltnp": taken } })).rejects.toThrow(
    "Port 8080, which web needs, is taken on vps1 by nginx.",
  );
});

it("refuses a place without the room that it needs", async () => {
  const { main: _, ...rest } = running;
  const inventory = running.inventory
    .replace("ports: [8080]", "disk: 2GiB")
    .concat("    data: [{ path: /srv/web }]\n");
  const filesystem = (mountpoint: string, availableBytes: number) => ({
    kind: "filesystem",
    host: "vps1",
    details: { mountpoint, availableBytes },
  });
  const resources = [filesystem("/", 2 ** 40), filesystem("/srv", 2 ** 30)] as unknown as NonNullable<
    Scene["resources"]
  >;
  const why = "web needs 2048 MiB at /srv/web, and vps1 has 1024.";
  const without = { ...running.says, "find /srv/web -mindepth 1": 1 };
  await expect(planIn({ ...rest, says: without, inventory, there: {}, resources })).rejects.toThrow(why);
  // What lies there already is a part of what it needs.
  const says = { ...running.says, "find /srv/web -mindepth 1": "/srv/web/photos\n" };
  const planned = await planIn({ ...rest, says, inventory, there: {}, resources }).catch(String);
  expect(planned).not.toContain(why);
});

it("refuses a host without the memory that it needs", async () => {
  const { main: _, ...rest } = running;
  const inventory = running.inventory.replace("ports: [8080]", "memory: 2GiB");
  const facts = { memoryBytes: 4 * 2 ** 30, memoryAvailableBytes: 2 ** 30 };
  await expect(planIn({ ...rest, inventory, there: {}, facts })).rejects.toThrow(
    "web needs 2048 MiB of memory, and vps1 has 1024 free.",
  );
});

it("refuses quadlets on a podman that does not know them", async () => {
  await expect(
    planIn({ ...running, says: { ...running.says, "podman --version": "podman version 4.3.1" } }),
  ).rejects.toThrow("podman 4.3.1 on vps1 does not know quadlets: 4.4 and later do.");
});

it("refuses files that belong nowhere", async () => {
  const inventory = running.inventory.replace("quadlet: web.container", "unit: web.service");
  await expect(planIn({ ...running, inventory, own: { "/lab/web/readme.txt": "x" } })).rejects.toThrow(
    "Nobody said where readme.txt goes on vps1: it is no unit.",
  );
});

it("puts a Compose project in place, and stops the new one before the old one comes back", async () => {
  const plan = await planIn({
    inventory: `
hosts: { vps1: {} }
services:
  web: { home: vps1, runs: { compose: web }, from: { compose: web/compose.yaml, to: /srv/web } }
`,
    own: { "/lab/web/compose.yaml": "services:\n  app:\n    image: web:2\n" },
    there: { "/srv/web/compose.yaml": "services:\n  app:\n    image: web:1\n" },
    says: { "compose version": "", "docker image inspect": "sha256:1" },
    main: {
      kind: "project",
      backend: "docker",
      name: "web",
      details: {
        state: "running(1)",
        files: ["/srv/web/compose.yaml"],
        services: [{ name: "app", running: 1, total: 1 }],
      },
    },
  });
  expect(draw(plan)).toMatchInlineSnapshot(`
    "Deploy web on vps1
      6 steps · interrupts what people use · away for about 3 s · walks back when a step fails
       1 ? See that vps1 has what web needs  vps1
            way back: Bring web up as it was (docker compose --project-name web --project-directory /srv/web --file /srv/web/compose.yaml up --detach --remove-orphans)
            way back: Wait for web to be well for 3 s (docker ps --all --no-trunc --filter label=com.docker.compose.project=web --filter label=com.docker.compose.oneoff=False --format '{{.State}} {{.Status}}' → /(?<![\\s\\S])(?![\\s\\S]*(?:^(?:created|restarting|paused|dead|removing) |Exited \\((?!0\\))|unhealthy|health: starting))[\\s\\S]*^running /)
       2 ~ Replace /srv/web/compose.yaml  vps1
            /srv/web/compose.yaml (0644) from /lab/web/compose.yaml
            @@ -1,3 +1,3 @@
             services:
               app:
            -    image: web:1
            +    image: web:2
            checked: /srv/web/compose.yaml says so (sha256sum -- /srv/web/compose.yaml → 1d31960f50a510271615a72a3d84d20d6ae9324ae74c0db9231c26115753c35e  /srv/web/compose.yaml)
            way back: Put /srv/web/compose.yaml back (/srv/web/compose.yaml as it was)
       3 ? See that Compose understands its file  vps1
            docker compose --project-name web --project-directory /srv/web --file /srv/web/compose.yaml config --quiet
       4 ! Bring web up  vps1
            docker compose --project-name web --project-directory /srv/web --file /srv/web/compose.yaml up --detach --remove-orphans
            way back: Stop the new web (docker compose --project-name web stop)
       5 ? Wait for web to be well for 10 s  vps1  (no way back after this)
            checked: web is up (docker ps --all --no-trunc --filter label=com.docker.compose.project=web --filter label=com.docker.compose.oneoff=False --format '{{.State}} {{.Status}}' → /(?<![\\s\\S])(?![\\s\\S]*(?:^(?:created|restarting|paused|dead|removing) |Exited \\((?!0\\))|unhealthy|health: starting))[\\s\\S]*^running /)
       6 ~ Note which files of web are ours  vps1
            /var/lib/scrap/placed/web (0600) 119 bytes"
  `);
});

const playbook: Scene = {
  inventory: `
hosts: { vps1: {} }
services:
  web: { home: vps1, runs: { unit: web.service }, from: { playbook: plays/web.yaml, tags: [web] } }
`,
  own: { "/lab/ansible.cfg": "[defaults]\n" },
  main: runsQuadlet.main,
};

it("runs the user's playbook from where their ansible.cfg is, and shows what check mode says", async () => {
  const plan = await planIn({
    ...playbook,
    programs: {
      exitCode: 0,
      lines: ["+greeting: hello", "+password: hunter2", "vps1 : ok=2 changed=1 failed=0"],
    },
  });
  expect(draw(plan)).toMatchInlineSnapshot(`
    "Deploy web on vps1
      3 steps · interrupts what people use · stops when a step fails
      note: A playbook that fails leaves what it did until then.
       1 ? See that vps1 has what web needs  vps1
       2 ! Run /lab/plays/web.yaml for web  here
            env ANSIBLE_NOCOLOR=1 ansible-playbook --limit vps1 --tags web /lab/plays/web.yaml (in /lab)
            +greeting: hello
            +password: …
            vps1 : ok=2 changed=1 failed=0
       3 ? Wait for web to be well for 10 s  vps1  (no way back after this)
            checked: web.service is active (systemctl show --value --property=ActiveState -- web.service → /^(active)$/)"
  `);
});

it("has nothing to do where check mode changes nothing, and refuses a playbook that fails in it", async () => {
  const said = (exitCode: number, line: string) =>
    planIn({ ...playbook, programs: { exitCode, lines: [line] } });
  expect((await said(0, "vps1 : ok=2 changed=0 failed=0")).steps).toEqual([]);
  await expect(said(2, "fatal: [vps1]: FAILED! no such package")).rejects.toThrow(
    "/lab/plays/web.yaml fails in check mode (exit 2):\n  fatal: [vps1]: FAILED! no such package",
  );
});

describe("files that are not declared any more", () => {
  const folder = "/etc/containers/systemd";
  const note = (service: string, files: Record<string, string>) =>
    `${JSON.stringify({ service, files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, sha256(text)])) })}\n`;
  const placed = (files: Record<string, string>, there: Record<string, string> = files): Scene => ({
    ...running,
    own: { "/lab/web/web.container": quadlet("localhost/web:1") },
    there: {
      [`${folder}/web.container`]: quadlet("localhost/web:1"),
      "/etc/systemd/system/by-hand.service": "theirs\n",
      "/var/lib/scrap/placed/web": note("web", files),
      ...there,
    },
    says: {
      "-- web.service extra.timer": `${state("active")}\n${state("active").replace("generated", "enabled")}`,
      ...running.says,
    },
  });
  const timer = "/etc/systemd/system/extra.timer";

  it("are taken away where we put them, after what runs by them was stopped, with a way back", async () => {
    const plan = await planIn(placed({ [timer]: "[Timer]\n" }));
    expect(parsePlan(JSON.parse(JSON.stringify(plan)), "the plan")).toEqual(plan);
    expect(
      draw(plan)
        .replace(/^[\s\S]*?( *\d+ ! Stop extra)/, "$1")
        .replace(/\n *\d+ \? See that systemd[\s\S]*/, ""),
    ).toMatchInlineSnapshot(`
      "   2 ! Stop extra.timer, which is not declared any more  vps1
              systemctl stop -- extra.timer
              checked: extra.timer is inactive or failed (systemctl show --value --property=ActiveState -- extra.timer → /^(inactive|failed)$/)
              way back: Let systemd read its units (systemctl daemon-reload)
              way back: Start extra.timer again (systemctl start -- extra.timer)
         3 ~ Not have extra.timer started at boot  vps1
              systemctl disable -- extra.timer
              way back: Have extra.timer started at boot (systemctl enable -- extra.timer)
         4 ~ Take /etc/systemd/system/extra.timer away, which is not declared any more  vps1
              rm /etc/systemd/system/extra.timer
              @@ -1 +0,0 @@
              -[Timer]
              checked: /etc/systemd/system/extra.timer is gone (test '!' -e /etc/systemd/system/extra.timer → exit 0)
              way back: Put /etc/systemd/system/extra.timer back (/etc/systemd/system/extra.timer as it was)
         5 ~ Let systemd read its units  vps1
              systemctl daemon-reload"
    `);
    const noted = plan.steps.find(({ id }) => id === "note-files");
    expect(JSON.stringify(noted)).not.toContain("extra.timer");
  });

  it("stay where somebody else changed them since, where another service has them, and where we put none", async () => {
    const mine = { [timer]: "[Timer]\n" };
    expect((await planIn(placed(mine, { [timer]: "[Timer]\nmine\n" }))).steps).toEqual([]);
    const shared = { "/var/lib/scrap/placed/other": note("other", mine), [timer]: "[Timer]\n" };
    expect((await planIn(placed(mine, shared))).steps).toEqual([]);
    expect((await planIn(placed({}, { [timer]: "[Timer]\n" }))).steps).toEqual([]);
  });
});

describe("staging before production", () => {
  const path = "/etc/containers/systemd/web.container";
  const staged = (image: string): Scene => ({
    ...running,
    inventory: `
hosts: { vps1: {}, vps2: {} }
environments: { staging: { hosts: [vps2] }, production: { hosts: [vps1], after: staging } }
services:
  web: { home: vps1, runs: { quadlet: web.container }, from: { files: web }, environment: production }
  web-staging: { home: vps2, runs: { quadlet: web.container }, from: { files: web }, environment: staging }
`,
    there: { [`vps1:${path}`]: quadlet("localhost/web:1"), [`vps2:${path}`]: quadlet(image) },
  });

  it("gives production what staging runs", async () => {
    const plan = await planIn(staged("localhost/web:2"));
    expect(plan.notes).toEqual(["web-staging runs the same in staging, and is well."]);
    expect(plan.steps.map(({ id }) => id)).toContain("switch");
  });

  it("refuses production what staging has not run, unless told", async () => {
    const scene = staged("localhost/web:1");
    await expect(planIn(scene)).rejects.toThrow(
      "staging has not run this version of web: web-staging is not as it is declared.",
    );
    expect((await planIn({ ...scene, request: { skipStaging: true } })).steps).not.toEqual([]);
  });

  it("finds the service of an environment", async () => {
    const plan = await planIn({ ...staged("localhost/web:1"), request: { environment: "staging" } });
    expect(plan.title).toBe("Deploy web-staging on vps2");
  });
});
