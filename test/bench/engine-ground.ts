import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostNamed } from "../lab/hosts.ts";
import { isUp } from "../lab/lifecycle.ts";
import { inventoryFor } from "../lab/scrap.ts";
import { onHost, sshArgv, tryOnHost } from "../lab/ssh-access.ts";
import { CannotMeasure } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";
import { labHost } from "./costs-on.ts";

const image = "localhost/bench-page";
const [ours, theirs] = [
  { name: "bench-page", port: 18_401 },
  { name: "bench-hand", port: 18_402 },
];

const quadlet = ({ name, port }: typeof ours, version: string) => `[Container]
Image=${image}:${version}
PublishPort=${port}:80
Volume=/data/${name}:/data
PodmanArgs=--cgroups=disabled

[Service]
Restart=always
RestartSec=1
`;

/** Two services of a lab host that are the same but for their names: one is upgraded by us, the other by hand. */
export interface Ground {
  readonly service: string;
  readonly inventory: string;
  readonly urls: { readonly ours: string; readonly theirs: string };
  readonly versionOf: (round: number) => string;
  /** The words of a program that brings the other one to that version as a person's script would; it reads `input`. */
  readonly byHand: (round: number) => { readonly argv: readonly string[]; readonly input: string };
}

/** Throws `CannotMeasure` where the lab is not up. */
export async function makeGround(rounds: number, cleanup: Cleanup): Promise<Ground> {
  const host = hostNamed("vps1");
  if (!labHost || !isUp(host)) throw new CannotMeasure("the lab is not up: npm run lab up, as root");
  const versionOf = (round: number) => `1.0.${round}`;
  const versions = Array.from({ length: rounds + 1 }, (_, round) => versionOf(round));
  cleanup.add(() => cleanHost(versions));
  await cleanHost(versions);
  // As PID 1 a shell that has a trap ends on TERM; httpd of BusyBox would not.
  const build = `podman build -q -t ${image}:1.0.0 -f - . <<'END'
FROM localhost/httpd:1
ENTRYPOINT ["/bin/sh", "-c", "trap 'exit 0' TERM; httpd -f -p 80 -h /www & wait"]
STOPSIGNAL SIGTERM
END
for v in ${versions.join(" ")}; do podman tag ${image}:1.0.0 ${image}:$v; done
btrfs -q subvolume create /data/${theirs.name}
mkdir -p /data/.${theirs.name}
cat >/etc/containers/systemd/${theirs.name}.container <<'END'
${quadlet(theirs, "1.0.0")}END
systemctl daemon-reload
systemctl start ${theirs.name}`;
  await onHost(host.name, build, 120);
  const inventory = inventoryFor("ops");
  const folder = join(dirname(inventory), ours.name);
  mkdirSync(folder);
  writeFileSync(join(folder, `${ours.name}.container`), quadlet(ours, "1.0.0"));
  const service = `  ${ours.name}:
    home: ${host.name}
    runs: { quadlet: ${ours.name}.container }
    from: { files: ${ours.name} }
    data: [{ btrfs: /data/${ours.name} }]
    health: [{ http: "http://127.0.0.1:${ours.port}/health" }]
`;
  writeFileSync(inventory, `${readFileSync(inventory, "utf8").trimEnd()}\n${service}`);
  const script = (round: number) => `set -eu
systemctl stop ${theirs.name}
btrfs -q subvolume snapshot -r /data/${theirs.name} /data/.${theirs.name}/${round}
cat >/etc/containers/systemd/${theirs.name}.container
systemctl daemon-reload
systemctl start ${theirs.name}`;
  return {
    service: ours.name,
    inventory,
    urls: {
      ours: `http://${host.address}:${ours.port}/health`,
      theirs: `http://${host.address}:${theirs.port}/health`,
    },
    versionOf,
    byHand: (round) => ({
      argv: sshArgv(`ops@${host.name}`, `sudo sh -c '${script(round)}'`),
      input: quadlet(theirs, versionOf(round)),
    }),
  };
}

const cleanHost = async (versions: readonly string[]): Promise<void> => {
  const script = [ours, theirs]
    .map(
      ({ name }) => `systemctl stop ${name}; rm -f /etc/containers/systemd/${name}.container
for s in /data/.scrap/${name}/* /data/.${name}/* /data/${name}*; do btrfs -q subvolume delete "$s"; done
rmdir /data/.scrap/${name} /data/.${name}`,
    )
    .join("\n");
  const images = versions.map((version) => `${image}:${version}`).join(" ");
  await tryOnHost(
    "vps1",
    `set +e; exec 2>/dev/null\n${script}\nsystemctl daemon-reload; systemctl reset-failed 'bench-*'; podman rmi ${images}`,
    120,
  );
};
