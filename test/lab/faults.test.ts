import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTmux } from "../tui/cockpit/in-tmux.ts";
import { isCalm, marks, openLabCockpit, says, sizes } from "./cockpit.ts";
import { presentFaults } from "./faults.ts";
import { hosts } from "./hosts.ts";
import { isUp } from "./lifecycle.ts";
import { type Report, report } from "./scrap.ts";
import { onHost } from "./ssh-access.ts";

const withVm = hosts.filter((host) => host.kind === "vm").every(isUp);
const lab = (...words: string[]) =>
  execFileSync(process.execPath, [fileURLToPath(new URL("main.ts", import.meta.url)), ...words], {
    stdio: ["ignore", "inherit", "inherit"],
  });

interface Said {
  readonly host: string;
  readonly severity: "failed" | "warning" | "unknown";
  readonly kind: string;
  readonly message: RegExp;
}

/** What `status` must say of each fault, within one run. Nothing else may be said but what `too` allows. */
const faults: readonly { fault: string; says: Said; too?: RegExp; vm?: boolean }[] = [
  {
    fault: "service-failed",
    says: { host: "vps2", severity: "failed", kind: "service", message: /exit|failed|stopped/ },
  },
  {
    fault: "service-looping",
    says: { host: "vps2", severity: "failed", kind: "service", message: /restart/ },
  },
  {
    fault: "service-stopped-alive",
    says: { host: "vps1", severity: "failed", kind: "service", message: /does not answer/ },
  },
  {
    fault: "disk-failed-btrfs",
    says: { host: "nas", severity: "failed", kind: "pool", message: /1 of 2 disks/ },
    too: /srv|btrfs|loop|dm-/,
  },
  {
    fault: "filesystem-full",
    says: { host: "vps1", severity: "failed", kind: "filesystem", message: /full|%/ },
  },
  { fault: "inodes-full", says: { host: "vps1", severity: "failed", kind: "filesystem", message: /inode/ } },
  { fault: "ups-on-battery", says: { host: "nas", severity: "warning", kind: "ups", message: /on battery/ } },
  { fault: "ups-low", says: { host: "nas", severity: "failed", kind: "ups", message: /low|battery/ } },
  { fault: "ups-stale", says: { host: "nas", severity: "failed", kind: "ups", message: /stale|driver/ } },
  {
    fault: "host-down",
    says: { host: "vps2", severity: "failed", kind: "host", message: /refused|route|connect|answer/ },
    too: /vps2|jump|reach/,
  },
  {
    fault: "host-black-holed",
    says: { host: "nas", severity: "failed", kind: "host", message: /answer|timed out|within/ },
  },
  {
    fault: "tool-hanging",
    says: { host: "nas", severity: "unknown", kind: "probe", message: /UPS.*did not answer within/ },
  },
  {
    fault: "docker-hanging",
    says: { host: "vps1", severity: "unknown", kind: "probe", message: /docker.*did not answer within/i },
    too: /docker|chat/,
  },
  {
    fault: "dead-mount",
    says: { host: "vps1", severity: "failed", kind: "filesystem", message: /does not answer/ },
  },
  {
    fault: "disk-failed-mdadm",
    vm: true,
    says: { host: "store", severity: "failed", kind: "array", message: /1 of 2/ },
  },
  {
    fault: "disk-failed-zfs",
    vm: true,
    says: { host: "store", severity: "failed", kind: "pool", message: /degraded/i },
  },
  {
    fault: "checksum-errors",
    vm: true,
    says: { host: "store", severity: "warning", kind: "pool", message: /checksum/ },
  },
  {
    fault: "smart-failing",
    vm: true,
    says: { host: "store", severity: "failed", kind: "disk", message: /SMART|fail/ },
  },
];

const names = hosts.filter((host) => withVm || host.kind !== "vm").map(({ name }) => name);
const problemsOf = (seen: Report) =>
  seen.hosts.flatMap((host) => host.problems.map((problem) => ({ host: host.name, ...problem })));

beforeAll(async () => {
  lab("up", ...names);
  // Its first start may come before the user's runtime is ready: that it was restarted then is said for five minutes.
  await onHost(
    "vps1",
    'alice() { setpriv --reuid alice --regid alice --init-groups env XDG_RUNTIME_DIR=/run/user/$(id -u alice) systemctl --user "$@"; }; ' +
      "alice stop photos; alice start photos",
  );
  // What else stumbled while the hosts booted is rightly said for as long.
  const patience = Date.now() + 330_000;
  while (Date.now() < patience && problemsOf(await report(...names)).length > 0) await sleep(5_000);
});

it("says nothing of a healthy lab", async () => {
  const seen = await report(...names);
  expect(problemsOf(seen)).toEqual([]);
  expect(seen.hosts.map(({ name, state }) => `${name} ${state}`)).toEqual(names.map((name) => `${name} ok`));
});

it("the cockpit is calm on a healthy lab", async (context) => {
  if (!hasTmux) context.skip("needs tmux, which is not installed");
  const cockpit = openLabCockpit();
  for (const [columns, rows] of sizes) {
    cockpit.resize(columns, rows);
    expect(await cockpit.comesTo(isCalm, 90), cockpit.look()).toBe(true);
  }
});

describe.each(faults.map((row) => [row.fault, row] as const))("%s", (fault, { says: said, too, vm }) => {
  const canBe = !vm || withVm;
  const needsVm = "needs the VM: npm run lab up, without --no-vm";
  beforeAll(() => {
    if (!canBe) return;
    if (presentFaults().includes(fault)) lab("mend", fault); // what an earlier run left behind
    lab("break", fault);
  });
  afterAll(() => {
    if (canBe) lab("mend", fault);
  });

  it(`is seen at once${vm ? " (needs the VM)" : ""}`, async (context) => {
    if (!canBe) context.skip(needsVm);
    const seen = problemsOf(await report(...names));
    expect(seen).toContainEqual(
      expect.objectContaining({
        host: said.host,
        severity: said.severity,
        kind: said.kind,
        message: expect.stringMatching(said.message),
        resource: expect.any(String),
      }),
    );
    const unasked = seen.filter(
      ({ host, kind, message, resource }) =>
        !(host === said.host && kind === said.kind && said.message.test(message)) &&
        !too?.test(`${host} ${resource} ${message}`),
    );
    expect(unasked).toEqual([]);
  });

  it("stands on the first screen of the cockpit, with its reason there or behind `!`", async (context) => {
    if (!canBe) context.skip(needsVm);
    if (!hasTmux) context.skip("needs tmux, which is not installed");
    const cockpit = openLabCockpit();
    for (const [columns, rows] of sizes) {
      cockpit.resize(columns, rows);
      expect(await cockpit.comesTo(marks(said.host), 90), cockpit.look()).toBe(true);
      if (await cockpit.comesTo(says(said.message), 1)) continue;
      cockpit.press("!");
      expect(await cockpit.comesTo(says(said.message), 15), cockpit.look()).toBe(true);
      cockpit.press("!");
    }
  });
});

it("sees a slow host all the same", async () => {
  lab("break", "sshd-slow");
  try {
    const seen = await report("vps1");
    expect(problemsOf(seen)).toEqual([]);
    expect(seen.hosts[0]?.state).toBe("ok");
  } finally {
    lab("mend", "sshd-slow");
  }
});

it("says nothing of a mended lab", async () => {
  expect(problemsOf(await report(...names))).toEqual([]);
});
