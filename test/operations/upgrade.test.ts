import { describe, expect, it } from "vitest";
import { planRollback } from "../../src/operations/rollback.ts";
import { planUpgrade, type UpgradeRequest } from "../../src/operations/upgrade.ts";
import { parsePlan } from "../../src/plan/parse-plan.ts";
import { draw } from "./draw.ts";
import { planWith, runsQuadlet, type Scene } from "./played-deploy.ts";

const quadlet = (version: string) =>
  `[Container]\nImage=docker.io/lab/web:${version}  \nVolume=/data/web:/data\n`;

const running: Scene = {
  inventory: `
hosts: { vps1: {} }
services:
  web:
    home: vps1
    runs: { quadlet: web.container }
    from: { files: web }
    data: [{ btrfs: /data/web }]
    health: [{ http: "http://127.0.0.1:8080/" }]
    releases: file:///feed
    hooks: { beforeUpgrade: [dump-web] }
`,
  own: { "/lab/web/web.container": quadlet("1.0") },
  there: { "/etc/containers/systemd/web.container": quadlet("1.0") },
  feeds: {
    "file:///feed": "<feed><entry><title>1.1</title></entry><entry><title>1.0</title></entry></feed>",
  },
  says: {
    ...runsQuadlet.says,
    "podman image exists": 1,
    "test -e /data/web": 0,
    "readlink -f -- /data/web": "/data/web\n",
    "btrfs subvolume show -- /data/web": "web\n\tName: \t\t\tweb\n",
    "findmnt -J": 1,
    "btrfs subvolume list": "",
  },
  main: runsQuadlet.main,
};

const upgrade = (request: Partial<UpgradeRequest> = {}, scene: Scene = running) =>
  planWith((ground) => planUpgrade({ verb: "upgrade", name: "web", ...request }, ground), scene);

describe("the plan of an upgrade", () => {
  it("does all that is slow first, and leads back to the old version with the old data", async () => {
    const plan = await upgrade();
    expect(parsePlan(JSON.parse(JSON.stringify(plan)), "the plan")).toEqual(plan);
    expect(draw(plan)).toMatchInlineSnapshot(`
      "Upgrade web on vps1 from 1.0 to 1.1
        14 steps · interrupts what people use · away for about 2 s · walks back when a step fails
        note: The version is written in /lab/web/web.container:2 (Image).
        note: Releases on the way: 1
        note:   1.1
        note: If it fails, /data/web on vps1 becomes what it was, and what the new version made of it is kept beside it as …_aside-20261121-1413-deploy-web-x7k2.
         1 ~ Your command before the upgrade of web  vps1
              dump-web
         2 ~ Pull docker.io/lab/web:1.1  vps1
              podman pull --quiet -- docker.io/lab/web:1.1
              checked: docker.io/lab/web:1.1 is there (podman image exists docker.io/lab/web:1.1 → exit 0)
         3 ~ Pin 1.1  here
              /lab/web/web.container:2: 1.0 → 1.1
              way back: Pin 1.0 again (/lab/web/web.container:2: 1.1 → 1.0)
         4 ? See that vps1 has what web needs  vps1
              way back: Let systemd read its units as they were (systemctl daemon-reload)
              way back: Forget how often the new one failed (systemctl reset-failed -- web.service)
              way back: Start web.service as it was (systemctl start -- web.service)
              way back: Wait for web to be well for 3 s (systemctl show --value --property=ActiveState -- web.service → /^(active)$/ and http://127.0.0.1:8080/)
         5 ~ Make the folder of the snapshots  vps1
              install -d -m 0700 -- /data/.scrap /data/.scrap/web
         6 ! Stop web.service  vps1
              systemctl stop -- web.service
              checked: web.service is inactive or failed (systemctl show --value --property=ActiveState -- web.service → /^(inactive|failed)$/)
         7 ~ Make a snapshot of /data/web  vps1
              btrfs subvolume snapshot -r -- /data/web /data/.scrap/web/scrap-20261121-1413-deploy-web-x7k2.quiesced
              checked: /data/.scrap/web/scrap-20261121-1413-deploy-web-x7k2.quiesced is a read-only snapshot (btrfs property get -ts /data/.scrap/web/scrap-20261121-1413-deploy-web-x7k2.quiesced ro → ro=true)
         8 ~ Replace /etc/containers/systemd/web.container  vps1
              /etc/containers/systemd/web.container (0644) from /lab/web/web.container
              @@ -1,3 +1,3 @@
               [Container]
              -Image=docker.io/lab/web:1.0  
              +Image=docker.io/lab/web:1.1  
               Volume=/data/web:/data
              checked: /etc/containers/systemd/web.container says so (sha256sum -- /etc/containers/systemd/web.container → d98d9457253ca374e479d87140ba881cb9658c6bd30944deba2c98e6b09a7bc1  /etc/containers/systemd/web.container)
              way back: Put /etc/containers/systemd/web.container back (/etc/containers/systemd/web.container as it was)
         9 ~ Let systemd read its units  vps1
              systemctl daemon-reload
        10 ? See that systemd understands web.service  vps1
              checked: web.service is loaded (systemctl show --value --property=LoadState -- web.service → loaded)
        11 ! Restart web.service  vps1
              systemctl restart -- web.service
              checked: web.service was started anew (systemctl show --value --property=InvocationID -- web.service → /^(?!a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1)[0-9a-f]{32}$/)
              way back: Stop web.service (systemctl stop -- web.service)
              way back: Put /data/web aside as /data/web_aside-20261121-1413-deploy-web-x7k2 (mv -T -- /data/web /data/web_aside-20261121-1413-deploy-web-x7k2)
              way back: Put the snapshot in the place of /data/web (btrfs subvolume snapshot -- /data/.scrap/web/scrap-20261121-1413-deploy-web-x7k2.quiesced /data/web)
        12 ? Wait for web to be well  vps1
              checked: web.service is active (systemctl show --value --property=ActiveState -- web.service → /^(active)$/)
              checked: http://127.0.0.1:8080/ (http://127.0.0.1:8080/)
        13 ? See that web stays well for 300 s  vps1  (no way back after this)
              checked: web.service is active (systemctl show --value --property=ActiveState -- web.service → /^(active)$/)
              checked: http://127.0.0.1:8080/ (http://127.0.0.1:8080/)
        14 ~ Note which files of web are ours  vps1
              /var/lib/scrap/placed/web (0600) 135 bytes"
    `);
  });

  it("lets nobody read of the new version before the data of the old one is kept", async () => {
    const { steps } = await upgrade();
    const ids = steps.map(({ id }) => id);
    const kept = steps.findIndex(({ title }) => title.startsWith("Make a snapshot"));
    expect(kept).toBeGreaterThan(ids.indexOf("stop"));
    for (const id of ["write-1", "reload"]) expect(ids.indexOf(id)).toBeGreaterThan(kept);
  });

  it("is nothing where the version is there", async () => {
    const plan = await upgrade({ to: "1.0" });
    expect(plan.steps).toEqual([]);
  });

  it("leaves the data alone where that was asked for, and says so", async () => {
    const plan = await upgrade({ noSnapshot: true });
    expect(plan.steps.map(({ id }) => id)).not.toContain("stop");
    expect(plan.notes).toContain("Its data is not kept: what 1.1 does to it stays.");
  });

  it("has a playbook say what it will change with the new version, where that is a variable", async () => {
    const played = (file: string, exitCode: number) =>
      upgrade(
        { noSnapshot: true },
        {
          ...running,
          inventory: `version: 1\n${running.inventory}`.replace(
            "{ files: web }",
            `{ playbook: site.yml }\n    version: { in: "${file}#WEB" }`,
          ),
          own: { "/lab/site.yml": "", [`/lab/${file}`]: file === "web.env" ? "WEB=1.0\n" : 'WEB: "1.0"\n' },
          programs: { exitCode, lines: ["+now 1.1"] },
        },
      );
    const shown = (await played("vars.yml", 0)).steps.find(({ id }) => id === "play");
    expect(shown?.diff).toEqual(["+now 1.1"]);
    await expect(played("vars.yml", 2)).rejects.toThrow("fails in check mode (exit 2)");
    await expect(played("vars.yml", 127)).rejects.toThrow("There is no ansible-playbook on this machine.");
    // It is not told of other files than its own.
    expect((await played("web.env", 2)).notes).toContain(
      "What the playbook will change is known once the new version is written.",
    );
  });

  it("is refused where data cannot be kept", async () => {
    const inventory = running.inventory.replace("btrfs: /data/web", "path: /srv/web");
    const says = {
      ...running.says,
      "subvolume show": 1,
      "readlink -f": "/srv/web\n",
      findmnt: 1,
      zfs: 1,
      lvs: 1,
      btrfs: 1,
    };
    await expect(upgrade({}, { ...running, inventory, says })).rejects.toThrow(
      /no snapshot can be made: path \/srv\/web on vps1/,
    );
  });

  it("is refused where what changes is not what is put in place", async () => {
    const pinned = running.inventory.replace("releases:", "version: { in: vars.env#WEB }\n    releases:");
    const inventory = `version: 1\n${pinned}`;
    const own = { ...running.own, "/lab/vars.env": "WEB=1.0\n" };
    await expect(upgrade({}, { ...running, inventory, own })).rejects.toThrow(
      /Nothing that web is put in place from changes with \/lab\/vars.env:1/,
    );
  });
});

describe("staging before production", () => {
  const path = "/etc/containers/systemd/web.container";
  const staged = (version: string, more = ""): Scene => ({
    ...running,
    inventory: `
hosts: { vps1: {}, vps2: {} }
environments: { staging: { hosts: [vps2] }, production: { hosts: [vps1], after: staging } }
services:
  web: { home: vps1, runs: { quadlet: web.container }, from: { files: web }, releases: "file:///feed", environment: production${more} }
  trial: { home: vps2, runs: { quadlet: web.container }, from: { files: trial }, environment: staging${more} }
`,
    own: { "/lab/web/web.container": quadlet("1.0"), "/lab/trial/web.container": quadlet(version) },
    there: { [`vps1:${path}`]: quadlet("1.0"), [`vps2:${path}`]: quadlet(version) },
    says: { ...running.says, "podman image exists": 0 },
  });

  it("takes production to what staging runs", async () => {
    const plan = await upgrade({}, staged("1.1"));
    expect(plan.notes).toContain("trial runs the same in staging, and is well.");
    expect(plan.steps.map(({ id }) => id)).toContain("switch");
  });

  it("refuses production a version that staging has not run, unless told", async () => {
    await expect(upgrade({}, staged("1.0"))).rejects.toMatchObject({
      message: "staging has not run this version of web: trial runs docker.io/lab/web:1.0.",
      hint: "scrap upgrade trial --to 1.1 first; --skip-staging goes without.",
    });
    expect((await upgrade({ skipStaging: true }, staged("1.0"))).steps).not.toEqual([]);
  });

  it("asks the same of what playbooks put there, by the version that is written down", async () => {
    const played = (version: string): Scene => {
      const { inventory, own, ...rest } = staged(version);
      return {
        ...rest,
        inventory: `version: 1\n${inventory}`
          .replaceAll("{ files: web }", "{ playbook: site.yml }, version: { in: web.env#WEB }")
          .replaceAll("{ files: trial }", "{ playbook: site.yml }, version: { in: trial.env#WEB }"),
        own: {
          ...own,
          "/lab/site.yml": "",
          "/lab/web.env": "WEB=1.0\n",
          "/lab/trial.env": `WEB=${version}\n`,
        },
        programs: { exitCode: 0, lines: ["vps2 : ok=3 changed=0 unreachable=0"] },
      };
    };
    expect((await upgrade({}, played("1.1"))).notes).toContain(
      "trial runs the same in staging, and is well.",
    );
    await expect(upgrade({}, played("1.0"))).rejects.toThrow("trial runs 1.0.");
  });
});

describe("the plan of a rollback", () => {
  const after: Scene = {
    ...running,
    own: { "/lab/web/web.container": quadlet("1.1") },
    there: { "/etc/containers/systemd/web.container": quadlet("1.1") },
  };

  it("brings the old version back, and the data only when that is said", async () => {
    const of = await upgrade();
    const back = (withData: boolean, scene = after) =>
      planWith((ground) => planRollback({ verb: "rollback", name: "web", of, withData }, ground), scene);
    const plan = await back(false);
    expect(plan.title).toBe("Take web on vps1 back from 1.1 to 1.0");
    expect(plan.steps.filter(({ title }) => title.includes("snapshot of /data/web"))).toHaveLength(1);
    const there = { "btrfs subvolume list -a -s": "" };
    await expect(back(true, { ...after, says: { ...there, ...after.says } })).rejects.toThrow(
      "has no snapshot scrap-",
    );
    await expect(back(false, running)).rejects.toThrow("says 1.0, and the last upgrade of web went to 1.1");
  });

  it("is refused where there was no upgrade", async () => {
    const none = planWith(
      (ground) => planRollback({ verb: "rollback", name: "web", of: undefined }, ground),
      after,
    );
    await expect(none).rejects.toThrow("There is no upgrade of web");
  });
});
