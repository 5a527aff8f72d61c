import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { patiently, writer } from "./backup-ground.ts";
import { asOps } from "./planned.ts";
import { inventoryFor } from "./scrap.ts";

export const folder = mkdtempSync(join(tmpdir(), "scrap-send-"));
process.env["XDG_STATE_HOME"] = join(folder, "state");

const services = `
  send-numbers:
    home: vps1
    runs: { unit: send-numbers.service }
    data: [{ path: /data/send-numbers }]
    sla: { rpo: 1h }
    backups: [{ to: send-nas, every: 1d }, { to: send-drawer, every: 30d }]
    failover: { policy: manual, to: [vps2] }
  send-folder:
    home: vps1
    runs: { unit: send-folder.service }
    data: [{ path: /data/send-folder }]
    backups: [{ to: send-nas, every: 1d }]

repositories:
  send-nas: { btrfs: /srv/send-lab, on: nas }
  send-drawer: { cold: { label: SENDCOLD, on: vps1 }, password: "cmd:echo cold" }
`;

export function inventory(more = ""): string {
  const file = inventoryFor("ops");
  writeFileSync(file, `${readFileSync(file, "utf8").trimEnd()}${services}${more}`, { mode: 0o600 });
  return file;
}

export const root = (host: string, script: string) => asOps(host, "sh", "-c", script);

export { patiently };

const numbers = `set -e
cat >/usr/local/bin/send-writer <<'END'
${writer}END
chmod 755 /usr/local/bin/send-writer
cat >/etc/systemd/system/send-numbers.service <<'END'
[Service]
ExecStart=/usr/local/bin/send-writer /data/send-numbers
[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload; systemctl enable -q send-numbers
`;

/** With what a copy may lose: an attribute, a hole, two names of one file, a name with a newline. */
const onVps1 = `${numbers}
mkdir /data/send-folder
btrfs subvolume create /data/send-numbers >/dev/null; cd /data/send-numbers
head -c 2000000 /dev/urandom >blob; ln blob again; mkdir 'a dir'; ln -s ../blob 'a dir/link'
truncate -s 1M hole; echo x >'a
b'; chown 1000:1000 blob; chmod 2750 'a dir'
python3 -c 'import os; os.setxattr("a dir", "user.k", b"v")'
systemctl start send-numbers
`;

/** A loop device is the disk that is plugged in; its file is what lies in the drawer. */
export const plugIn = () =>
  root(
    "vps1",
    "test -e /var/tmp/send-cold.img || { truncate -s 60M /var/tmp/send-cold.img; mkfs.ext4 -q -L SENDCOLD /var/tmp/send-cold.img; }; mknod /dev/loop40 b 7 40; losetup /dev/loop40 /var/tmp/send-cold.img",
  );

export const unplug = () => root("vps1", "losetup -d /dev/loop40; rm -f /dev/loop40; true");

const cleanHost = `
systemctl disable -q --now send-numbers
for s in /data/.scrap/send-*/* /data/send-*; do btrfs -q subvolume delete "$s" || rm -rf "$s"; done
rmdir /data/.scrap/send-* /data/.scrap
rm -rf /usr/local/bin/send-writer /etc/systemd/system/send-numbers.service /var/lib/scrap/proofs/send-*
systemctl daemon-reload; systemctl reset-failed 'send-*'
true
`;

export async function setUp(): Promise<void> {
  await tearDown();
  await Promise.all([root("vps1", onVps1), root("vps2", `mkdir -p /data; ${numbers}`)]);
}

export async function tearDown(): Promise<void> {
  await Promise.all([
    root(
      "vps1",
      `exec 2>/dev/null; umount /mnt/send-cold /run/scrap/cold-send-drawer; losetup -d /dev/loop40; rm -rf /dev/loop40 /mnt/send-cold /var/tmp/send-cold.img /var/lib/scrap/cold/send-drawer; ${cleanHost}`,
    ),
    root("vps2", `exec 2>/dev/null; ${cleanHost}rmdir /data; true`),
    root(
      "nas",
      "exec 2>/dev/null; for s in /srv/send-lab/*/*/*/*/scrap-*; do btrfs subvolume delete $s; done; rm -rf /srv/send-lab; true",
    ),
  ]);
}
