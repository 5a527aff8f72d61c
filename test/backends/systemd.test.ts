import { describe, expect, it } from "vitest";
import { systemd } from "../../src/backends/workload/systemd/index.ts";
import { toShell } from "../../src/command/command.ts";
import { interview, problemsOf, type Says } from "./seen.ts";

interface Unit {
  readonly unit: string;
  readonly active?: string;
  readonly sub?: string;
  readonly show?: Readonly<Record<string, string | number>>;
}

/** A host with these units, 1000 s after its boot. */
const host = (units: readonly Unit[], timers: readonly object[] = [], more: Says = []): Says => [
  ...more,
  ["--version", "systemd 257 (257.13-1~deb13u1)\n"],
  ["/etc/systemd/system/*", units.map(({ unit }) => `/etc/systemd/system/${unit}\n`).join("")],
  ["/run/user/*", ""],
  ["/etc/passwd", "=/etc/passwd\n:root:x:0:0:root:/root:/bin/bash\n"],
  ["/proc/uptime", "=/proc/uptime\n:1000.00 900.00\n"],
  [
    "list-units",
    JSON.stringify(
      units.map(({ unit, active = "active", sub = "running" }) => ({
        unit,
        load: "loaded",
        active,
        sub,
        description: unit,
      })),
    ),
  ],
  [
    "systemctl show",
    units
      .map(({ unit, show }) => {
        const pairs = Object.entries({ Result: "success", NRestarts: 0, Id: unit, ...show });
        return `${pairs.map(([key, value]) => `${key}=${value}`).join("\n")}\n`;
      })
      .join("\n"),
  ],
  ["list-timers", JSON.stringify(timers)],
];

const problems = (units: readonly Unit[], before?: readonly Unit[]) => {
  const now = interview(systemd, host(units)).seen;
  const earlier = before
    ? interview(systemd, host(before)).seen.observations
    : { of: () => ({ status: "unasked" as const }) };
  return problemsOf(systemd, now, earlier);
};

const secondsAgo = (seconds: number) => (1000 - seconds) * 1e6;

describe("a unit that restarts", () => {
  const unit = "web.service";
  const looping = { NRestarts: 5, ExecMainStartTimestampMonotonic: secondsAgo(2) };

  it("is a loop at first sight, though it runs at this moment", () => {
    expect(problems([{ unit, show: looping }])).toEqual([
      `unit ${unit}: failed: restarts again and again, 5 times so far`,
    ]);
  });

  it("is a loop between two crashes, with the reason", () => {
    const show = { ...looping, Result: "signal", ExecMainCode: 2, ExecMainStatus: 11 };
    expect(problems([{ unit, active: "activating", sub: "auto-restart", show }])).toEqual([
      `unit ${unit}: failed: restarts again and again, 5 times so far: killed by signal 11`,
    ]);
  });

  it("is a loop when the count grows, however long each life is", () => {
    const show = { NRestarts: 9, ExecMainStartTimestampMonotonic: secondsAgo(400) };
    expect(problems([{ unit, show }], [{ unit, show: { ...show, NRestarts: 8 } }])[0]).toMatch(
      /again and again/,
    );
    expect(problems([{ unit, show }], [{ unit, show }])).toEqual([]);
  });

  it("is only a warning once, and is forgotten when it has run for a while", () => {
    const once = (seconds: number) => ({
      NRestarts: 1,
      ExecMainStartTimestampMonotonic: secondsAgo(seconds),
    });
    expect(problems([{ unit, show: once(100) }])[0]).toMatch(
      /^unit web.service: warning: was restarted .* once/,
    );
    expect(problems([{ unit, show: once(900) }])).toEqual([]);
  });

  it("is no loop when somebody started it, however often", () => {
    expect(problems([{ unit, show: { ExecMainStartTimestampMonotonic: secondsAgo(1) } }])).toEqual([]);
  });
});

describe("a unit that failed", () => {
  const failed = { unit: "backup.service", active: "failed", sub: "failed" };
  it.each([
    [{ Result: "exit-code", ExecMainCode: 1, ExecMainStatus: 3 }, /: exit status 3$/],
    [{ Result: "exit-code", ExecMainCode: 1, ExecMainStatus: 203 }, /program could not be started/],
    [{ Result: "core-dump", ExecMainCode: 3, ExecMainStatus: 6 }, /crashed with signal 6/],
    [{ Result: "oom-kill", ExecMainCode: 2, ExecMainStatus: 9 }, /memory ran out/],
    [{ Result: "start-limit-hit", ExecMainCode: 1, ExecMainStatus: 1 }, /too often .*exit status 1/],
    [{ Result: "timeout" }, /took too long/],
    [{ Result: "something-new" }, /result something-new/],
  ])("says why: %o", (show, words) => expect(problems([{ ...failed, show }])[0]).toMatch(words));

  it("is told by its timer too", () => {
    const timer = { unit: "backup.timer", active: "active", sub: "waiting" };
    const says = host(
      [failed, timer],
      [{ unit: "backup.timer", activates: "backup.service", next: null, last: 0 }],
    );
    expect(problemsOf(systemd, interview(systemd, says).seen)[1]).toMatch(
      /timer backup.timer: warning: backup.service failed/,
    );
  });

  it("is not told where it is podman's own health check: the container tells", () => {
    const unit = `${"1894fdaf".repeat(8)}-2dd1384912c310af.service`;
    expect(problems([{ ...failed, unit }])).toEqual([]);
  });
});

describe("a unit that is stopped", () => {
  const show = {
    Restart: "always",
    WantedBy: "multi-user.target",
    StateChangeTimestamp: "Fri 2026-11-20 19:41:22 UTC",
  };
  const stopped = { unit: "web.service", active: "inactive", sub: "dead" };

  it("is news where it should always run", () => {
    expect(problems([{ ...stopped, show }])[0]).toMatch(/warning: was stopped at 2026-11-20 19:41 UTC/);
  });

  it("is none where it is done, was never wanted, or what wanted it is stopped too", () => {
    expect(problems([{ ...stopped, show: { ...show, Restart: "no" } }])).toEqual([]);
    expect(problems([{ ...stopped, show: { ...show, WantedBy: "" } }])).toEqual([]);
    expect(problems([{ ...stopped, show: { ...show, WantedBy: "mail-pod.service" } }])).toEqual([]);
  });
});

it("asks about no name that could be an option or a pattern", () => {
  const names = ["--help.service", "-rf", "a b.service", "*.service", "$(reboot).service", "é\u202e.service"];
  const units = [...names, "good@x\\x2dy.service"].map((unit) => ({ unit, active: "failed" }));
  const { asked } = interview(systemd, host(units));
  const show = asked.find((shell) => shell.includes("systemctl show")) ?? "";
  expect(show).toMatch(/ -- '?--help\.service'? 'good@x\\x2dy\.service'$/);
});

/** The first lines: systemctl(1), as in systemd/systemd#8408; the last: systemd 252 with --plain --no-legend --full. */
const table = `● user@1000.service            loaded active running User Manager for UID 1000
  systemd-journald.service     loaded active running Journal Service
-.mount                        loaded active mounted Root Mount
home.mount                     not-found inactive dead      home.mount
`;

it("reads the table of systemd before 246, and asks for no timers there", () => {
  const says: Says = [["--version", "systemd 239 (239-82.el8)\n"], ["list-units", table], ...host([])];
  const { seen, asked } = interview(systemd, says);
  expect(asked.find((shell) => shell.includes("list-units"))).toMatch(/--plain --no-legend --full$/);
  expect(asked.join("\n")).not.toContain("list-timers");
  expect(systemd.resources(seen, seen.observations).map(({ name }) => name)).toEqual([
    "user@1000.service",
    "systemd-journald.service",
  ]);
});

describe("units of users", () => {
  const more: Says = [
    [
      "/run/user/*",
      "/run/user/0\n/run/user/1000\n/run/user/1004\n/var/lib/systemd/linger/alice\n/var/lib/systemd/linger/bob\n",
    ],
    [
      "/etc/passwd",
      "=/etc/passwd\n:root:x:0:0::/root:/bin/sh\n:ops:x:1000:1000::/home/ops:/bin/sh\n:alice:x:1004:100::/home/alice:/bin/sh\n:bob:x:1005:1005::/home/bob:/bin/sh\n",
    ],
    ["--user list-timers", "[]"],
    [
      "--user list-units",
      '[{"unit":"photos.service","load":"loaded","active":"failed","sub":"failed","description":"Photos"}]',
    ],
    ["--user show", "Id=photos.service\nResult=exit-code\nExecMainCode=1\nExecMainStatus=1\n"],
  ];

  it("are asked of who lingers, as themselves, and belong to them", () => {
    const { seen, asked } = interview(systemd, host([], [], more));
    expect(
      asked
        .filter((shell) => shell.includes("--user"))
        .every((shell) => /^setpriv --reuid 1004 --regid 100 /.test(shell)),
    ).toBe(true);
    const [photos] = systemd.resources(seen, seen.observations);
    expect(photos).toMatchObject({
      user: "alice",
      name: "photos.service",
      is: ["unit:alice/photos.service"],
    });
    const logs =
      photos && systemd.logs?.(photos, { follow: true, lines: 5, since: "2026-11-20T20:41:22+01:00" });
    expect(logs && toShell(logs, "sudo")).toBe(
      "sudo -n timeout -k 2 10 journalctl -o short-iso --no-pager -n 5 -f '--since=2026-11-20 19:41:22 UTC' _SYSTEMD_USER_UNIT=photos.service _UID=1004 + USER_UNIT=photos.service _UID=1004",
    );
  });
});
