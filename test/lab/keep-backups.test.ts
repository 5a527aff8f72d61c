import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patiently } from "./backup-ground.ts";
import { asOps } from "./planned.ts";
import { inventoryFor } from "./scrap.ts";
import { sleep } from "./shell.ts";

const folder = mkdtempSync(join(tmpdir(), "scrap-keep-"));
process.env["XDG_STATE_HOME"] = join(folder, "state");
const bin = fileURLToPath(new URL("../../bin/scrap", import.meta.url));

const root = (host: string, script: string) => asOps(host, "sh", "-c", script);

const tools = [
  { service: "keepbackups-restic18", host: "vps1", tool: "restic" },
  { service: "keepbackups-restic14", host: "vps2", tool: "restic" },
  { service: "keepbackups-borg14", host: "vps1", tool: "borg" },
  { service: "keepbackups-borg12", host: "vps2", tool: "borg" },
] as const;

const store = "/var/keepbackups";
const addressOf = (tool: string, name: string) =>
  tool === "restic" ? `sftp:keepbackups-nas:${store}/${name}` : `ssh://keepbackups-nas${store}/${name}`;

const declared = `
${tools
  .map(
    ({ service, host }) => `  ${service}:
    home: ${host}
    runs: { unit: ${service}.service }
    data: [{ path: /var/lib/keepbackups }]
    sla: { rpo: 1h }
    backups: [{ to: to-${service}, every: 1d, keep: { last: 1 } }]`,
  )
  .join("\n")}

repositories:
${tools
  .map(
    ({ service, tool }) =>
      `  to-${service}: { ${tool}: "${addressOf(tool, service)}", password: "cmd:echo pw" }`,
  )
  .join("\n")}
`;

const onHost = `set -e
mkdir -p -m 700 /root/.ssh /var/lib/keepbackups
echo 1 >/var/lib/keepbackups/file
test -e /root/.ssh/keepbackups || ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/keepbackups
cat >/root/.ssh/config.keepbackups <<'END'
Host keepbackups-nas
  HostName 10.77.0.13
  User keepbackups
  IdentityFile /root/.ssh/keepbackups
  UserKnownHostsFile /root/.ssh/keepbackups-known
END
touch /root/.ssh/config
cat - /root/.ssh/config >/root/.ssh/config.kept <<'END'
Include config.keepbackups
END
mv /root/.ssh/config.kept /root/.ssh/config
ssh-keyscan -t ed25519 10.77.0.13 >/root/.ssh/keepbackups-known 2>/dev/null
cat /root/.ssh/keepbackups.pub
`;

const cleanHost = `exec 2>/dev/null
sed -i '/^Include config.keepbackups$/d' /root/.ssh/config; find /root/.ssh/config -empty -delete
rm -rf /root/.ssh/keepbackups* /root/.ssh/config.keepbackups /var/lib/keepbackups* /var/lib/scrap/proofs/to-keepbackups* /var/lib/scrap/verified/to-keepbackups*
true
`;

/** Nobody gets in where the keys are elsewhere. */
const keys = `${store}/.ssh/authorized_keys`;

let file = "";
const run = (...argv: readonly string[]) => patiently(file, ...argv);

interface Listed {
  readonly id: string;
  readonly problem?: string;
  readonly proof?: { readonly how: string };
  readonly verified?: { readonly result: string; readonly readData: boolean };
}

async function listed(service: string): Promise<readonly Listed[]> {
  const { stdout } = await run("backups", service, "--json");
  return JSON.parse(stdout).backups;
}

const idsOf = async (service: string) => (await listed(service)).map(({ id }) => id);

async function clean(): Promise<void> {
  await Promise.all([
    root("vps1", cleanHost),
    root("vps2", cleanHost),
    root(
      "nas",
      `exec 2>/dev/null; chattr -R -a ${store}; pkill -KILL -u keepbackups; userdel -f keepbackups; rm -rf ${store}; true`,
    ),
  ]);
}

beforeAll(async () => {
  await clean();
  await root(
    "nas",
    `useradd --create-home --home-dir ${store} --shell /bin/bash keepbackups && install -d -m 700 -o keepbackups -g keepbackups ${store}/.ssh`,
  );
  const made = await Promise.all(["vps1", "vps2"].map((host) => root(host, onHost)));
  await root("nas", `cat >${keys} <<'END'\n${made.join("\n")}\nEND\nchown keepbackups ${keys}`);
  file = inventoryFor("ops");
  writeFileSync(file, `${readFileSync(file, "utf8").trimEnd()}${declared}`, { mode: 0o600 });
});
afterAll(clean);

const byHand = (tool: string, service: string) =>
  tool === "restic"
    ? `RESTIC_PASSWORD=pw restic -q -r ${addressOf(tool, service)} backup --tag scrap /etc/hostname`
    : `BORG_PASSPHRASE=pw borg create ${addressOf(tool, service)}::scrap-by-hand /etc/hostname`;

const everything = (tool: string, service: string) =>
  tool === "restic"
    ? `RESTIC_PASSWORD=pw restic -q -r ${addressOf(tool, service)} snapshots --json | grep -o '"short_id"' | wc -l`
    : `BORG_PASSPHRASE=pw borg list --short ${addressOf(tool, service)} | wc -l`;

/** Four tools, each with backups that are cut off and repositories that are damaged. */
const isAsked = Boolean(process.env["SCRAP_LAB_SLOW"]);
if (!isAsked) it.skip("takes many minutes: needs SCRAP_LAB_SLOW=1", () => {});

describe.each(isAsked ? tools : [])(
  "$service on $host",
  { retry: 0, timeout: 600_000 },
  ({ service, host, tool }) => {
    it("lets go what its policy lets go: not the newest, not what was proven, nothing of others", async () => {
      for (let count = 0; count < 3; count += 1) {
        await root(host, `echo ${count} >/var/lib/keepbackups/file`);
        expect(await run("backup", service, "--init", "--yes")).toMatchObject({ exitCode: 0 });
      }
      const [newest = "", middle = "", oldest = ""] = await idsOf(service);
      expect(await run("restore", service, "--from", oldest, "--drill", "--yes")).toMatchObject({
        exitCode: 0,
      });
      await root(host, byHand(tool, service));

      const unnamed = await run("prune", service, "--backups", "--yes");
      expect(unnamed).toMatchObject({ exitCode: 6 });
      expect(unnamed.stderr).toContain(`It destroys ${middle}: --confirm ${middle}\n`);
      expect(await idsOf(service)).toEqual([newest, middle, oldest]);

      expect(await run("prune", service, "--yes", "--confirm", middle)).toMatchObject({ exitCode: 0 });
      expect(await idsOf(service)).toEqual([newest, oldest]);
      expect(await root(host, everything(tool, service))).toBe("3");
      const again = await run("prune", service, "--yes");
      expect(again.stdout).toMatch(/nothing to do/);
      // What is left is whole.
      expect(await run("verify", service, "--read-data")).toMatchObject({ exitCode: 0 });
      expect((await listed(service))[0]).toMatchObject({ verified: { result: "well", readData: true } });
    });

    it("is in doubt, and made once, where it was cut off and the repository cannot be asked", async () => {
      await root(host, "head -c 300000000 /dev/urandom >/var/lib/keepbackups/large");
      const before = await idsOf(service);
      const jobs = `/var/lib/scrap/jobs/*-backup-${service}-*`;
      let said = "";
      const started = `ls -d ${jobs}/started | wc -l; ls -d ${jobs}/exit 2>/dev/null | wc -l`;
      const [count = ""] = (await root(host, started)).split("\n");
      const isBegun = async () => (await root(host, started)).split("\n")[0] !== count;
      for (let tries = 0; tries < 60; tries += 1) {
        const child = spawn(bin, ["--inventory", file, "backup", service, "--yes"]);
        for (const stream of [child.stdout, child.stderr])
          stream.on("data", (chunk) => {
            said += chunk;
          });
        const ended = new Promise((resolve) => child.on("close", resolve));
        const isHeld = await Promise.race([
          ended.then(() => true),
          (async () => {
            while (!(await isBegun())) await sleep(200);
            return false;
          })(),
        ]);
        if (!isHeld) {
          await sleep(1500);
          await root("nas", `mv ${keys} ${keys}.away`);
          await root(
            host,
            `set -- $(ls -td ${jobs}/started | head -n 1); read -r pid rest <"$1"; kill -KILL -"$pid"`,
          );
          expect(await ended).toBe(5);
          break;
        }
        expect(said).toMatch(/is held by/);
        said = "";
        await sleep(1000);
      }
      const [, id = ""] = /Once it answers: scrap resume (\S+)/.exec(said) ?? [];
      expect(id).toContain(service);
      await root("nas", `mv ${keys}.away ${keys}`);
      const resumed = await run("resume", id);
      expect(resumed).toMatchObject({ exitCode: 0 });
      const after = await idsOf(service);
      expect(after.slice(1)).toEqual(before);
      await root(host, "rm /var/lib/keepbackups/large");
    });

    it("is told to be damaged where it is, and nothing is forgotten in it then", async () => {
      await root(
        "nas",
        `f=$(ls -S ${store}/${service}/data/*/* | head -n 1); chmod u+w $f; printf x | dd of=$f bs=1 seek=5000 conv=notrunc 2>/dev/null`,
      );
      const broken = await run("verify", service, "--read-data");
      expect(broken).toMatchObject({ exitCode: 4 });
      expect(broken.stdout).toContain(`the repository to-${service} is damaged`);
      const [newest] = await listed(service);
      expect(newest?.verified).toMatchObject({ result: "damaged" });
      expect(newest?.problem).toMatch(/^the repository is damaged/);
      const refused = await run("prune", service, "--yes");
      expect(refused).toMatchObject({ exitCode: 6 });
      expect(refused.stderr).toMatch(/was found damaged at .* nothing is forgotten there/);
    });
  },
);

it("does not believe a restic that says it forgot where nothing can be deleted", {
  retry: 0,
  timeout: 600_000,
}, async () => {
  const { service, host } = tools[0];
  const to = `to-${service}`;
  await root("nas", `rm -rf ${store}/${service}`);
  await root(host, `rm -rf /var/lib/scrap/verified/${to} /var/lib/scrap/proofs/${to}*`);
  for (let count = 0; count < 2; count += 1)
    expect(await run("backup", service, "--init", "--yes")).toMatchObject({ exitCode: 0 });
  const [newest = "", older = ""] = await idsOf(service);
  await root("nas", `chattr +a ${store}/${service}/snapshots`);
  const pruned = await run("prune", service, "--yes", "--confirm", older);
  expect(pruned.exitCode).not.toBe(0);
  expect(pruned.stdout).toMatch(/exit 0, but it says unable to remove/);
  expect(await idsOf(service)).toEqual([newest, older]);
});
