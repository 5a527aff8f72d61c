import { UnreachableError } from "../../../src/errors.ts";
import type { Inventory } from "../../../src/inventory/inventory.ts";
import { loadYaml } from "../../../src/inventory/load-yaml.ts";
import { nobody } from "../../../src/inventory/membership.ts";
import type { Homelab } from "../../../src/model/homelab.ts";
import { createSession } from "../../../src/session.ts";
import type { Transport } from "../../../src/transport/transport.ts";
import type { Place } from "../../../src/tui/view/lab.ts";
import { placesOf } from "../../../src/tui/view/places.ts";
import { createReplayTransport, type Replayed } from "../../replay-transport.ts";

const inventoryText = `
version: 1
hosts:
  vps1: { groups: [apps], zone: closet, power: rack }
  nas: { groups: [storage], zone: closet, power: rack }
  store: { groups: [storage], zone: closet, power: rack }
  vps2: { groups: [apps], zone: shed }
  pi: { groups: [edge], zone: shed }
  old: { groups: [edge], zone: shed }
ups:
  rack: { nut: rack, on: nas }
sla:
  mail: { downtime: 3d/month, rpo: 1h, rto: 8h }
repositories:
  offsite: { restic: "sftp:backup@elsewhere:/srv/restic", password: "pass:lab/restic" }
services:
  web: { home: vps1, runs: { quadlet: web.container } }
  mail:
    home: vps1
    runs: { quadlet: mail.pod }
    data: [{ btrfs: /data/mail }]
    sla: mail
    backups: [{ to: offsite, every: 1d }]
  chat: { home: vps1, runs: { compose: chat }, data: [{ btrfs: /data }], dependsOn: [mail] }
  photos: { home: vps1, runs: { quadlet: photos.container, user: alice } }
  ledger: { home: vps2, runs: { unit: ledger.service } }
`;

const refused = new UnreachableError("connect", "old (10.0.20.40:22) refused the connection.");

const scenes: Readonly<Record<string, Replayed>> = {
  vps1: ["vps1-snapshots", "vps1-healthy"],
  nas: ["nas-ups-on-battery", "nas-healthy"],
  store: ["store-disk-failed-zfs", "store-healthy"],
  vps2: ["vps2-services-failing", "vps2-healthy"],
  pi: ["pi-healthy"],
  old: refused,
};

/** Of these hosts the storage was recorded, and not what else runs there: it must not be found. */
const storageHosts = ["nas", "store"];

function withoutServices(transport: Transport): Transport {
  return {
    ...transport,
    link: (name) => {
      const link = transport.link(name);
      if (!storageHosts.includes(name)) return link;
      const ask: typeof link.ask = async (question) => {
        const output = await link.ask(question);
        const stdout = output.stdout.replaceAll(/^(\+(systemctl|podman|docker) .*|\/run\/systemd.*)\n/gm, "");
        return { ...output, stdout };
      };
      return { ...link, ask };
    },
  };
}

/** After the last of the recordings: ages count from here. */
export const recordedAt = new Date("2026-11-20T20:55:00Z");

export interface RecordedHomelab {
  readonly inventory: Inventory;
  readonly homelab: Homelab;
  readonly places: ReadonlyMap<string, Place>;
}

/** What the product sees of recorded hosts: some well, some not, one that does not let us in. */
export const readRecordedHomelab = (): Promise<RecordedHomelab> => readHomelab(inventoryText, scenes);

/** The same of other recordings, and of other declared services. */
export async function readHomelab(
  text: string,
  scenes: Readonly<Record<string, Replayed>>,
): Promise<RecordedHomelab> {
  const source = { file: "/lab/inventory.yaml", text, home: "/home/nobody" };
  const inventory = await loadYaml(source, () => Promise.resolve({ ...nobody, issues: [] }));
  const session = createSession(
    inventory,
    withoutServices(createReplayTransport(scenes)),
    new AbortController().signal,
    (error) => {
      throw error;
    },
  );
  const hosts = [...inventory.hosts.keys()];
  await session.once(hosts, 20_000);
  return { inventory, homelab: session.read(hosts), places: placesOf(inventory) };
}
