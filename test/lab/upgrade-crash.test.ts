import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCuts, isEvery, isHeld, moments, untilFree, whyNoCuts } from "./cut-off.ts";
import { inventoryFor, type Run, scrap } from "./scrap.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

const name = "bench-crash";
const data = `/data/${name}`;
const host = "vps1";

/** One for each point, and some to spare. */
const versions = isEvery ? 60 : 12;

// Each writes its version into its data first: so that it is seen whose data it is.
const build = `podman image exists localhost/${name}:1.0.${versions} && exit
podman build -q -t localhost/${name}:1.0.0 -f - . <<'END'
FROM localhost/httpd:1
ENTRYPOINT ["/bin/sh", "-c", "trap 'exit 0' TERM; echo $VERSION >> /data/versions; httpd -f -p 80 -h /www & wait"]
STOPSIGNAL SIGTERM
ENV VERSION=1.0.0
END
for n in $(seq ${versions}); do
  printf 'FROM localhost/${name}:1.0.0\\nENV VERSION=1.0.%s\\n' $n | podman build -q -t localhost/${name}:1.0.$n -f - . >/dev/null
done`;

const quadlet = `[Container]
Image=localhost/${name}:1.0.0
PublishPort=18403:80
Volume=${data}:/data
PodmanArgs=--cgroups=disabled

[Service]
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
`;

const state = mkdtempSync(join(tmpdir(), "scrap-upgrade-crash-"));
process.env["XDG_STATE_HOME"] = state;
const inventory = inventoryFor("ops");
const pinFile = join(dirname(inventory), name, `${name}.container`);
const cuts = createCuts({ host, service: name, operation: "upgrade", state, inventory });
/** The versions that were brought to their end. */
const reached = ["1.0.0"];
let next = 0;

async function plan(): Promise<{ readonly id: string; readonly to: string }> {
  next += 1;
  const to = `1.0.${next}`;
  return { id: await cuts.plan("upgrade", name, "--to", to, "--within", "20s", "--soak", "500ms"), to };
}

const seen = async () => {
  const said = await onHost(
    host,
    `sed -n s/^Image=//p /etc/containers/systemd/${name}.container; systemctl is-active ${name} || true
     podman ps --filter name=systemd-${name} --format '{{.Image}}' | tr '\\n' ' '; echo
     cat /var/lib/scrap/lock 2>/dev/null | grep -c -e -${name}- || true
     cat ${data}/versions`,
  );
  const [file, is, runs = "", locks, ...wrote] = said.split("\n");
  const pin = /Image=(.*)/.exec(readFileSync(pinFile, "utf8"))?.[1];
  return { pin, file, is, runs: runs.trim(), locks, wrote: [...new Set(wrote)] };
};

/** Nobody is needed; the new one runs, or the old one again, once, on data that is whole. */
async function expectRecovered(id: string, to: string, { exitCode, stdout, stderr }: Run): Promise<string> {
  expect({ exitCode, said: [0, 4].includes(exitCode) ? "" : stdout + stderr }).toEqual({
    exitCode: exitCode === 4 ? 4 : 0,
    said: "",
  });
  if (exitCode === 0) reached.push(to);
  const image = `localhost/${name}:${reached.at(-1)}`;
  const is = { pin: image, file: image, is: "active", runs: image, wrote: reached, locks: "0" };
  expect(await seen()).toEqual(is);
  expect(await scrap(["journal", "verify", id], inventory)).toMatchObject({ exitCode: 0 });
  return exitCode === 0 ? "done" : "walked back";
}

beforeAll(async () => {
  mkdirSync(dirname(pinFile));
  writeFileSync(pinFile, quadlet);
  const service = `  ${name}:
    home: ${host}
    runs: { quadlet: ${name}.container }
    from: { files: ${name} }
    data: [{ btrfs: ${data} }]
    health: [{ http: "http://127.0.0.1:18403/health" }]
`;
  writeFileSync(inventory, `${readFileSync(inventory, "utf8").trimEnd()}\n${service}`);
  await tearDown();
  await onHost(host, build, 500);
  const deployed = await untilFree(async () => {
    const run = await scrap(["deploy", name, "--yes"], inventory);
    return isHeld(run) ? undefined : run;
  });
  expect(deployed).toMatchObject({ exitCode: 0 });
});

async function tearDown(): Promise<void> {
  await tryOnHost(
    host,
    `set +e; exec 2>/dev/null; systemctl stop ${name}; rm -f /etc/containers/systemd/${name}.container
     systemctl daemon-reload; systemctl reset-failed ${name}
     for s in /data/.scrap/${name}/* ${data}*; do btrfs -q subvolume delete "$s"; done; rmdir /data/.scrap/${name}`,
    300,
  );
  await cuts.tearDown();
}

afterAll(async () => {
  await tearDown();
  await tryOnHost(
    host,
    `podman images -q --filter reference=localhost/${name} | xargs -r podman rmi -f`,
    300,
  );
});

describe.skipIf(whyNoCuts)("an upgrade", { timeout: 5_400_000, retry: 0 }, () => {
  it("goes on wherever who carries it out was killed", async () => {
    const points: string[] = [];
    const chosen = isEvery ? Array.from({ length: 100 }, (_, index) => index + 1) : [5, 7, 9];
    for (const nth of chosen) {
      const isWhole = await untilFree(async () => {
        const { id, to } = await plan();
        const point = await cuts.cutHere(id, nth);
        if (point === "held") return undefined;
        const run = point === undefined ? { exitCode: 0, stdout: "", stderr: "" } : await cuts.resume(id);
        if (run === undefined) return undefined;
        const end = await expectRecovered(id, to, run);
        if (point !== undefined) points.push(`${nth}: after ${point}: ${end}`);
        console.log(points.at(-1));
        return point === undefined;
      });
      if (isWhole) break;
    }
    console.log(`killed here at ${points.length} points: all recovered\n${points.join("\n")}`);
  });

  const jobs = ["btrfs-1-snapshot-1", "write-1", "switch", "reload", "loaded", "btrfs-1-folder-1", "stop"];
  const every = jobs.flatMap((job) => moments.map((moment) => ({ job, moment })));
  const few = [
    { job: "stop", moment: "ran" },
    { job: "btrfs-1-snapshot-1", moment: "started" },
    { job: "switch", moment: "started" },
  ];
  it("goes on wherever a job was killed on its host", async () => {
    const points: string[] = [];
    for (const { job, moment } of isEvery ? every : few) {
      const end = await untilFree(async () => {
        const { id, to } = await plan();
        const run = await cuts.cutThere(id, job, moment);
        return run && expectRecovered(id, to, run);
      });
      points.push(`${job} ${moment}: ${end}`);
      console.log(points.at(-1));
    }
    console.log(`killed there at ${points.length} points: all recovered\n${points.join("\n")}`);
  });
});
