import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inventoryFor, type Run, scrap } from "./scrap.ts";
import { attempt, sleep } from "./shell.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

const name = "bench-crash";
const data = `/data/${name}`;
const host = "vps1";
const bin = fileURLToPath(new URL("../../bin/scrap", import.meta.url));
const isEvery = Boolean(process.env["SCRAP_EVERY_POINT"]);

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

/** In the way of what carries a job out: kills it and all that it started, once, at the point that is named. */
const faults = "/run/bench-crash";
const shim = (
  program: string,
  file: string,
  before: string,
  after: string,
) => `cat >${faults}/bin/${program} <<'END'
#!/bin/sh
when= job=
[ -e ${faults}/point ] && read -r when job <${faults}/point
[ "$2" = "/var/lib/scrap/jobs/$job/${file}" ] || exec /usr/bin/${program} "$@"
[ $when = ${before} ] && rm ${faults}/point && kill -KILL 0
/usr/bin/${program} "$@" || exit
[ $when = ${after} ] && rm ${faults}/point && kill -KILL 0
exit 0
END
chmod 755 ${faults}/bin/${program}`;

const state = mkdtempSync(join(tmpdir(), "scrap-upgrade-crash-"));
const journals = join(state, "scrap/journal");
let inventory = "";
/** The versions that were brought to their end. */
const reached = ["1.0.0"];
let next = 0;
const pinFile = () => join(dirname(inventory), name, `${name}.container`);

/** Others may hold the host for a while: then it is tried from its beginning. */
async function untilFree<Result>(attemptOne: () => Promise<Result | undefined>): Promise<Result> {
  for (let tries = 0; tries < 60; tries += 1) {
    const result = await attemptOne();
    if (result !== undefined) return result;
    await sleep(1_000);
  }
  throw new Error(`${host} was held all the time`);
}

const isHeld = ({ stdout, stderr }: Run): boolean => /is held by/.test(stdout + stderr);

/** Runs the program, and kills it as it syncs that file for the time of that number. */
async function cutAt(nth: number, path: string, ...argv: readonly string[]) {
  const strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-P", path];
  const inject = ["-e", `inject=fsync:signal=KILL:when=${nth}`];
  return attempt([...strace, ...inject, bin, "--inventory", inventory, ...argv], { input: "", seconds: 170 });
}

/** Writes the plan of the next upgrade down, and dies before anybody carries it out. Returns its id. */
async function plan(): Promise<{ readonly id: string; readonly to: string }> {
  next += 1;
  const to = `1.0.${next}`;
  const file = join(state, `${to}.json`);
  const words = [
    "upgrade",
    name,
    "--to",
    to,
    "--within",
    "20s",
    "--soak",
    "500ms",
    "--dry-run",
    "--out",
    file,
  ];
  expect(await scrap(words, inventory)).toMatchObject({ exitCode: 8 });
  // The folder is synced once the plan is whole.
  await cutAt(1, journals, "apply", file, "--yes");
  const { id } = JSON.parse(readFileSync(file, "utf8"));
  // Others work in the lab, too: it would be refused while one of them has the host.
  await onHost(
    host,
    `cd /var/lib/scrap; printf '%s\\n' ${id} test@here test "$(date +%s)" "$(cat /proc/sys/kernel/random/boot_id)" >lock.${id}
     until ln lock.${id} lock 2>/dev/null; do sleep 0.1; done; rm lock.${id}`,
    170,
  );
  return { id, to };
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
  const pin = /Image=(.*)/.exec(readFileSync(pinFile(), "utf8"))?.[1];
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

/** The last that was written. */
const lastOf = (id: string): string => {
  const { kind, step = "" } = JSON.parse(
    readFileSync(join(journals, `${id}.jsonl`), "utf8")
      .trim()
      .split("\n")
      .at(-1) ?? "",
  );
  return `${kind} ${step}`.trim();
};

beforeAll(async () => {
  process.env["XDG_STATE_HOME"] = state;
  mkdirSync(journals, { recursive: true, mode: 0o700 });
  inventory = inventoryFor("ops");
  mkdirSync(dirname(pinFile()));
  writeFileSync(pinFile(), quadlet);
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

const tearDown = () =>
  tryOnHost(
    host,
    `set +e; exec 2>/dev/null; systemctl stop ${name}; rm -f /etc/containers/systemd/${name}.container
     rm -rf ${faults} /run/systemd/system/scrap-*-upgrade-${name}-.service.d; systemctl daemon-reload; systemctl reset-failed ${name}
     for s in /data/.scrap/${name}/* ${data}*; do btrfs -q subvolume delete "$s"; done; rmdir /data/.scrap/${name}
     rm -rf /var/lib/scrap/jobs/*-upgrade-${name}-*
     grep -qs -e -${name}- /var/lib/scrap/lock && rm /var/lib/scrap/lock`,
    300,
  );
afterAll(async () => {
  await tearDown();
  await tryOnHost(
    host,
    `podman images -q --filter reference=localhost/${name} | xargs -r podman rmi -f`,
    300,
  );
});

const hasStrace = (await attempt(["which", "strace"]).catch(() => ({ code: 1 }))).code === 0;

describe.skipIf(!hasStrace)("an upgrade", { timeout: 5_400_000, retry: 0 }, () => {
  it("goes on wherever who carries it out was killed", async () => {
    const points: string[] = [];
    const chosen = isEvery ? Array.from({ length: 100 }, (_, index) => index + 1) : [5, 7, 9];
    for (const nth of chosen) {
      const isWhole = await untilFree(async () => {
        const { id, to } = await plan();
        const cut = await cutAt(nth, join(journals, `${id}.jsonl`), "drive", id);
        if (
          isHeld({
            ...cut,
            exitCode: cut.code,
            stdout: readFileSync(join(journals, `${id}.jsonl`), "utf8"),
            stderr: "",
          })
        )
          return undefined;
        const point = lastOf(id);
        const run = cut.code === 0 ? { exitCode: 0, stdout: "", stderr: "" } : await resume(id);
        if (run === undefined) return undefined;
        const end = await expectRecovered(id, to, run);
        if (cut.code !== 0) points.push(`${nth}: after ${point}: ${end}`);
        console.log(points.at(-1));
        return cut.code === 0;
      });
      if (isWhole) break;
    }
    console.log(`killed here at ${points.length} points: all recovered\n${points.join("\n")}`);
  });

  const steps = ["snapshot-1", "write-1", "switch", "reload", "loaded", "folder-1", "stop"];
  const moments = ["claimed", "started", "ran", "ended"];
  const few = ["stop ran", "snapshot-1 started", "switch started"];
  it("goes on wherever a job was killed on its host", async () => {
    const points: string[] = [];
    const bins = `mkdir -p ${faults}/bin\n${shim("ln", "started", "claimed", "started")}\n${shim("mv", "exit", "ran", "ended")}`;
    await onHost(host, bins);
    for (const point of isEvery
      ? steps.flatMap((step) => moments.map((moment) => `${step} ${moment}`))
      : few) {
      const [step = "", moment = ""] = point.split(" ");
      const end = await untilFree(async () => {
        const { id, to } = await plan();
        const job = /^(folder|snapshot)/.test(step) ? `btrfs-1-${step}` : step;
        const folder = `/run/systemd/system/scrap-${id.replace(/[^-]*$/, "")}.service.d`;
        await onHost(
          host,
          `echo ${moment} ${id}.${job} >${faults}/point; mkdir -p ${folder}
           printf '[Service]\\nEnvironment=PATH=${faults}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\\n' >${folder}/crash.conf
           systemctl daemon-reload`,
        );
        const run = await resume(id);
        if (run === undefined) return undefined;
        // It was in the way, or nothing was tried.
        expect({ point, left: (await tryOnHost(host, `cat ${faults}/point`)).out }).toEqual({
          point,
          left: "",
        });
        return expectRecovered(id, to, run);
      });
      points.push(`${point}: ${end}`);
      console.log(points.at(-1));
    }
    console.log(`killed there at ${points.length} points: all recovered\n${points.join("\n")}`);
  });

  /** Undefined where somebody else held the host before anything was begun. */
  async function resume(id: string): Promise<Run | undefined> {
    for (let tries = 0; ; tries += 1) {
      const run = await scrap(["resume", id], inventory);
      if (!isHeld(run)) return run;
      if (run.exitCode === 6) return undefined;
      if (tries === 60) return run;
      await sleep(1_000);
    }
  }
});
