import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openLabCockpit } from "./cockpit.ts";
import { inventoryFor } from "./scrap.ts";
import { sleep } from "./shell.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

/** A pod that podman plays from a manifest, with data on btrfs. */
const name = "keyboard";
const data = `/data/${name}`;
const inventory = inventoryFor("ops");
const state = mkdtempSync(join(tmpdir(), "scrap-keyboard-"));
const manifest = join(dirname(inventory), name, `${name}.yaml`);

const pod = `# What the user wrote stays.
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  restartPolicy: Always
  containers:
    - name: web
      image: localhost/${name}:1.0 # pinned here
      ports: [{ containerPort: 80, hostPort: 8299 }]
      volumeMounts: [{ name: data, mountPath: /data }]
  volumes:
    - { name: data, hostPath: { path: ${data}, type: Directory } }
`;

// Each writes its version into its data first.
const image = (version: string, then: string) =>
  `printf 'FROM localhost/httpd:1\\nENTRYPOINT ["sh", "-c", "echo ${version} >>/data/versions; ${then}"]\\n' | podman build -q -t localhost/${name}:${version} -f - .`;
const serve = "trap : TERM; httpd -f -p 80 -h /www & wait";

const tearDown = () =>
  tryOnHost(
    "vps1",
    `exec 2>/dev/null; podman pod rm -f -t 0 ${name}
     for s in /data/.scrap/${name}/* ${data}*; do btrfs -q subvolume delete "$s"; done; rmdir /data/.scrap/${name}
     rm -rf /etc/containers/manifests/${name}.yaml /var/lib/scrap/placed/${name} /var/lib/scrap/jobs/*-${name}-*
     grep -qs -e -${name}- /var/lib/scrap/lock && rm /var/lib/scrap/lock
     podman images -q --filter reference=localhost/${name} | xargs -r podman rmi -f; true`,
    120,
  );

beforeAll(async () => {
  mkdirSync(dirname(manifest));
  writeFileSync(manifest, pod);
  writeFileSync(
    inventory,
    `${readFileSync(inventory, "utf8").trimEnd()}
  ${name}:
    home: vps1
    runs: { pod: ${name} }
    from: { manifest: ${name}/${name}.yaml }
    data: [{ btrfs: ${data} }]
    health: [{ http: "http://127.0.0.1:8299/health" }]
    version: { in: ${name}/${name}.yaml#spec.containers.0.image }
`,
  );
  await tearDown();
  await onHost(
    "vps1",
    [image("1.0", serve), image("1.1", serve), image("1.2", "sleep 2; exit 3")].join("\n"),
  );
});
afterAll(tearDown);

/** The cockpit in a terminal, and somebody who looks before each key. */
function sit() {
  const cockpit = openLabCockpit(inventory, state);
  const { press, look, comesTo } = cockpit;
  const until = async (isThere: (screen: string) => boolean, what: string, seconds = 60) => {
    const came = await comesTo((lines) => isThere(lines.join("\n")), seconds);
    expect({ what, came, screen: came ? "" : look() }).toEqual({ what, came: true, screen: "" });
    return look();
  };
  const sees = (text: string, seconds?: number) =>
    until((screen) => screen.includes(text), `sees ${text}`, seconds);
  const type = async (words: string) => {
    press(words);
    // What is typed stands there before it is meant.
    await sees(words);
    press("Enter");
  };
  const consent = async () => {
    await sees("[ Cancel ]");
    press("Tab");
    await until((screen) => !screen.includes("[ Cancel ]"), "the other button is chosen");
    press("Enter");
  };
  const act = async (words: string) => {
    press("a");
    await sees("What can be done");
    await type(words);
  };
  return { press, look, until, sees, type, consent, act, leave: cockpit.leave };
}

type Seat = ReturnType<typeof sit>;

async function toService({ press, look, sees, type }: Seat): Promise<void> {
  press("2");
  await sees("RUNS ON");
  if (!look().includes(`/${name} `)) {
    press("/");
    await type(name);
  }
  await sees(`> ${name} `);
}

/** What the operation on the page came to; empty while it runs. */
const endOf = (screen: string): string =>
  /^ {4}[●▲✖] .*(?:\n {4}.*)*/m.exec(screen.split("OPERATION")[1]?.split("STEPS")[0] ?? "")?.[0] ?? "";

/** Others may hold the host: then once more. Returns the page, once it is over or says that. */
async function carryOut(
  seat: Seat,
  choose: () => Promise<void>,
  title: string,
  at?: string,
): Promise<string> {
  const { press, sees, until, consent } = seat;
  const isThere = (screen: string) => endOf(screen) !== "" || (at !== undefined && screen.includes(at));
  for (let tries = 0; ; tries += 1) {
    await toService(seat);
    await choose();
    const planned = await until((screen) => /carry it out|Nobody knows/.test(screen), "a plan");
    // Of hosts that have much to do not everything is known yet.
    if (tries < 30 && planned.includes("Nobody knows")) continue;
    await sees(title);
    press("Enter");
    await consent();
    const page = await until(isThere, `${title}: ${at ?? "over"}`, 120);
    if (tries === 30 || !endOf(page).includes("is held by")) return page;
    press("Escape");
    await sleep(2_000);
  }
}

const seen = () =>
  onHost("vps1", `podman ps --filter name=${name} --format '{{.Image}}'; tr '\\n' ' ' <${data}/versions`);

it("deploys, upgrades, keeps and restores, and who left finds it going on", {
  timeout: 600_000,
  retry: 0,
}, async () => {
  let seat = sit();
  const allow = async () => {
    await seat.sees("read-only");
    seat.press("W");
    await seat.consent();
    await seat.sees(" write ");
  };
  await allow();
  const deployed = await carryOut(seat, () => seat.act("Deploy"), `Deploy ${name} on vps1`);
  expect(endOf(deployed)).toContain("● done");
  expect(await seen()).toBe(`localhost/${name}:1.0\n1.0`);

  // Somebody leaves while it soaks, comes back, and thinks better of it.
  const upgradeTo = (version: string) => async () => {
    await seat.act("Upgrade");
    await seat.sees("To which version");
    await seat.type(version);
  };
  await carryOut(seat, upgradeTo("1.1"), "from 1.0 to 1.1", "→ See that");
  expect(await seen()).toBe(`localhost/${name}:1.1\n1.0 1.1`);
  seat.leave();
  seat = sit();
  await allow();
  seat.press("7");
  await seat.sees("from 1.0 to 1.1");
  seat.press("Enter");
  await seat.sees("STEPS");
  await seat.act("walk back");
  await seat.consent();
  expect(endOf(await seat.until((screen) => endOf(screen) !== "", "walked back", 120))).toContain(
    "cancelled",
  );
  expect(await seen()).toBe(`localhost/${name}:1.0\n1.0 1.0`);
  expect(readFileSync(manifest, "utf8")).toBe(pod);

  const failed = await carryOut(seat, upgradeTo("1.2"), "from 1.0 to 1.2");
  expect(endOf(failed)).toContain("▲ failed");
  expect(await seen()).toBe(`localhost/${name}:1.0\n1.0 1.0 1.0`);
  expect(readFileSync(manifest, "utf8")).toBe(pod);

  const kept = await carryOut(seat, () => seat.act("Snapshot"), "Make a snapshot");
  expect(endOf(kept)).toContain("● done");
  await onHost("vps1", `echo lost >>${data}/versions`);
  const restore = async () => {
    await seat.act("Restore");
    await seat.sees("crash-consistent");
    seat.press("Enter");
    await seat.sees("where it is");
    seat.press("Enter");
    await seat.sees("Bring it back");
    seat.press("Enter");
  };
  expect(endOf(await carryOut(seat, restore, `Restore ${name}`))).toContain("● done");
  // What was there before it started again.
  expect(await seen()).toBe(`localhost/${name}:1.0\n1.0 1.0 1.0 1.0`);
});
