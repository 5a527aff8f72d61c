import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asOps } from "./planned.ts";
import { inventoryFor, type Run, scrap } from "./scrap.ts";
import { sleep } from "./shell.ts";

/** Never to be seen anywhere but in the file that holds it. With all that a shell could stumble over. */
export const canary = `canary-'"$x\`-${Math.random().toString(36).slice(2)}`;

export const folder = mkdtempSync(join(tmpdir(), "scrap-backup-"));
process.env["XDG_STATE_HOME"] = join(folder, "state");
const passwordFile = join(folder, "password");

const services = `
  backup-numbers:
    home: vps1
    runs: { unit: backup-numbers.service }
    data: [{ path: /data/backup-numbers }]
    sla: { rpo: 1h }
    backups: [{ to: backup-restic, every: 1d }]
    failover: { policy: manual, to: [vps2] }
  backup-page:
    home: vps1
    runs: { quadlet: backup-page.container }
    data: [{ btrfs: /data/backup-page }]
    health: [{ http: "http://127.0.0.1:8089/health" }]
    backups: [{ to: backup-borg, every: 1d }]
  backup-small:
    home: vps1
    runs: { unit: backup-small.service }
    data: [{ path: /var/lib/small/backup-small }]
    backups: [{ to: backup-restic, every: 1d }]

repositories:
  backup-restic: { restic: "sftp:backup-nas:/srv/backup-lab/restic", password: "file:${passwordFile}" }
  backup-borg: { borg: "ssh://backup-nas/srv/backup-lab/borg", password: "cmd:cat ${passwordFile}" }
  backup-away: { restic: "sftp:nobody@10.77.0.13:/srv/x", password: "file:${passwordFile}" }
  backup-wrong: { restic: "sftp:backup-nas:/srv/backup-lab/restic", password: "cmd:echo wrong" }
`;

/** Keeps numbers in the folder that it is given. */
export const writer = `#!/usr/bin/python3
# Numbers, one a line, each on disk before the next is written.
import os, sys, time
f = open(sys.argv[1] + "/numbers", "a+"); f.seek(0)
n = int((f.read().split() or ["0"])[-1])
while True:
    n += 1
    f.write(f"{n}\\n"); f.flush(); os.fsync(f.fileno())
    time.sleep(0.02)
`;

const unit = (name: string, data: string) => `
cat >/etc/systemd/system/${name}.service <<'END'
[Service]
ExecStart=/usr/local/bin/backup-writer ${data}
[Install]
WantedBy=multi-user.target
END
`;

const common = `set -e
cat >/usr/local/bin/backup-writer <<'END'
${writer}END
chmod 755 /usr/local/bin/backup-writer
mkdir -p /root/.ssh; chmod 700 /root/.ssh
test -e /root/.ssh/backup-lab || ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/backup-lab
cat >/root/.ssh/config.backup <<'END'
Host backup-nas
  HostName 10.77.0.13
  User backup-lab
  IdentityFile /root/.ssh/backup-lab
  UserKnownHostsFile /root/.ssh/backup-known
END
touch /root/.ssh/config
cat - /root/.ssh/config >/root/.ssh/config.new <<'END'
Include config.backup
END
mv /root/.ssh/config.new /root/.ssh/config
ssh-keyscan -t ed25519 10.77.0.13 >/root/.ssh/backup-known 2>/dev/null
${unit("backup-numbers", "/data/backup-numbers")}systemctl daemon-reload
systemctl enable -q backup-numbers
`;

const onVps1 = `${common}
btrfs -q subvolume create /data/backup-numbers
btrfs -q subvolume create /data/backup-page
echo 'it works' >/data/backup-page/index.html; echo ok >/data/backup-page/health
cat >/etc/containers/systemd/backup-page.container <<'END'
[Container]
Image=localhost/httpd:1
ContainerName=backup-page
Exec=httpd -f -p 80 -h /www
Volume=/data/backup-page:/www
PublishPort=8089:80
END
mkdir -p /var/lib/small/backup-small
for n in $(seq 300); do echo $n >/var/lib/small/backup-small/$n; done
${unit("backup-small", "/var/lib/small/backup-small")}systemctl daemon-reload
systemctl enable -q backup-small
systemctl start backup-numbers backup-page backup-small
`;

const cleanHost = `
systemctl disable -q --now backup-numbers backup-page backup-small
podman ps -aq --filter name=scrap-drill- | xargs -r podman rm -f -t 0
for s in /data/.scrap/backup-*/* /data/backup-*; do btrfs -q subvolume delete "$s" || rm -rf "$s"; done
rmdir /data/.scrap/backup-* /data/.scrap
rm -rf /var/lib/small/backup-small* /etc/systemd/system/backup-*.service /etc/containers/systemd/backup-page.container
rm -rf /usr/local/bin/backup-writer /root/.ssh/backup-lab* /root/.ssh/backup-known /root/.ssh/config.backup /var/lib/scrap/proofs/backup-*
sed -i '/^Include config.backup$/d' /root/.ssh/config; find /root/.ssh/config -empty -delete
systemctl daemon-reload; systemctl reset-failed 'backup-*'
true
`;

const root = (host: string, script: string) => asOps(host, "sh", "-c", script);

export { root };

export async function setUp(): Promise<void> {
  await tearDown();
  writeFileSync(passwordFile, `${canary}\n`, { mode: 0o600 });
  await root(
    "nas",
    "useradd --create-home --home-dir /srv/backup-lab --shell /bin/bash backup-lab && install -d -m 700 -o backup-lab -g backup-lab /srv/backup-lab/.ssh",
  );
  await Promise.all([root("vps1", onVps1), root("vps2", `mkdir -p /data; ${common}`)]);
  const keys = await Promise.all(["vps1", "vps2"].map((host) => root(host, "cat /root/.ssh/backup-lab.pub")));
  await root(
    "nas",
    `cat >/srv/backup-lab/.ssh/authorized_keys <<'END'\n${keys.join("\n")}\nEND\nchown backup-lab /srv/backup-lab/.ssh/authorized_keys`,
  );
}

export async function tearDown(): Promise<void> {
  await Promise.all([
    root("vps1", `exec 2>/dev/null; ${cleanHost}`),
    root("vps2", `exec 2>/dev/null; ${cleanHost}rmdir /data; true`),
    root("nas", "exec 2>/dev/null; userdel -f backup-lab; rm -rf /srv/backup-lab; true"),
  ]);
}

export function inventory(): string {
  const file = inventoryFor("ops");
  writeFileSync(file, `${readFileSync(file, "utf8").trimEnd()}${services}`, { mode: 0o600 });
  return file;
}

/** Others work in the lab, too: whom they keep from a host waits. */
export async function patiently(file: string, ...argv: readonly string[]): Promise<Run> {
  for (let tries = 0; ; tries += 1) {
    const run = await scrap(argv, file);
    if (tries > 60 || !/is held by/.test(run.stdout + run.stderr)) return run;
    await sleep(1000);
  }
}
