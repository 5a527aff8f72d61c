import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { UnreachableError } from "../../../src/errors.ts";
import type { Homelab, KnownHost } from "../../../src/model/homelab.ts";
import type { Size } from "../../../src/tui/view/layout.ts";
import { plain } from "./fits.ts";
import { pointed } from "./open.ts";
import { type RecordedHomelab, readRecordedHomelab, recordedAt } from "./recorded-homelab.ts";
import { openStage } from "./stage.ts";

let lab: RecordedHomelab;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: recordedAt });
  lab = await readRecordedHomelab();
});
afterAll(() => {
  vi.useRealTimers();
});

const small: Size = { columns: 80, rows: 24 };
const large: Size = { columns: 200, rows: 60 };

const withHost = (name: string, change: (host: KnownHost) => Partial<KnownHost>): Homelab => ({
  ...lab.homelab,
  hosts: lab.homelab.hosts.map((host) => (host.name === name ? { ...host, ...change(host) } : host)),
});

/** The screen after these keys, with the cursor on the first row before. */
function draw(homelab: Homelab, size: Size, ...keys: readonly string[]): string {
  const stage = openStage({ homelab, places: lab.places }, size);
  stage.press(...keys);
  return plain(stage.rows()).join("\n");
}

const lost = { severity: "unknown", kind: "probe", resource: "nut/ups", message: "ups: no answer" } as const;

const away = (message: string): Homelab =>
  withHost("old", () => {
    const error = new UnreachableError("connect", message);
    const [since, retryAt] = [-3_000, 20_000].map((ms) => new Date(recordedAt.getTime() + ms));
    return {
      link: { status: "down", since: since ?? recordedAt, retryAt: retryAt ?? recordedAt, error },
      problems: [{ severity: "failed", kind: "host", resource: "old", message }],
    };
  });

it("says beside and below the list whose problem it is", () => {
  const beside = draw(lab.homelab, large, "j", "j", "j");
  expect(beside).toMatch(/│ host vps2/);
  expect(beside).toMatch(/│ +✖ ledger: failed at 2026-11-20 20:09 UTC: exit status 3$/m);
  expect(draw(lab.homelab, small, "j", "j", "j")).toMatch(/^ +✖ ledger: failed at 2026-11-20 20:09 UTC/m);
});

it("names the pool once that a device is in", () => {
  const message = "vdb in tank had 3 read errors (vdb is virtio-LAB-TANK-B)";
  const homelab = withHost("pi", () => ({
    state: "degraded",
    problems: [{ severity: "warning", kind: "pool", resource: "pi/zfs/pool/tank", message }],
  }));
  expect(draw(homelab, large)).toMatch(/pi +▲ vdb in tank had 3 read errors/);
});

it.each([
  ["old (root@127.0.2.4:22608): connect ECONNREFUSED 127.0.2.4:22608.", "refuses connections"],
  ["old (ops@10.77.0.14:22) did not let us in within 20 s.", "did not let us in within 20 s"],
  ["ops@10.77.0.14:22 does not let us in: publickey.", "does not let us in: publickey"],
  ["The host key of old is unknown: SHA256:abc.", "its host key is unknown: SHA256:abc"],
  ["old is behind nas: nas (10.0.0.4:22): connect ETIMEDOUT 10.0.0.4:22.", "is behind nas: does not answer"],
])(
  "says first why a host is away, without its address, and then when it is tried again: %s",
  (message, why) => {
    expect(draw(away(message), { columns: 280, rows: 60 })).toContain(`✖ unreachable: ${why} (for 3`);
    expect(draw(away(message), small)).toMatch(new RegExp(`old +✖ unreachable: ${why.slice(0, 19)}`));
  },
);

it("tells the whole reason below the list", () => {
  const message = "old (ops@10.77.0.14:22) did not let us in within 20 s.";
  expect(draw(away(message), small, "G")).toContain(message);
});

it("tells in a table the cause before the date and the URL, which stand below it", () => {
  expect(draw(lab.homelab, small)).toMatch(/vps2 +✖ ledger: failed: exit status 3/);
  expect(draw(lab.homelab, small, "2")).toMatch(/ledger +✖ failed: exit status 3/);
  const message = "http://127.0.0.1:8081/health does not answer within 5 s";
  const homelab = withHost("vps1", () => ({
    state: "failed",
    problems: [{ severity: "failed", kind: "service", resource: "vps1/inventory/service/web", message }],
  }));
  const picture = draw(homelab, small);
  expect(picture).toMatch(/vps1 +✖ web: its URL does not answer/);
  expect(picture).toMatch(/^ +✖ web: http:\/\/127.0.0.1:8081\/health does not answer within 5 s$/m);
});

it("gives problems all of the width, and tells the one under the cursor to its end", () => {
  const message = `does not run, because ${"its data lies where nobody can read it ".repeat(3)}any more`;
  const homelab = withHost("vps2", () => ({
    problems: [{ severity: "unknown", kind: "probe", resource: "systemd/units", message }],
  }));
  const problems = draw(homelab, small, "j", "j", "j", "!");
  expect(pointed(problems)).toMatch(/^> vps2 +\? does not run, because its data lies where nobody can/);
  expect(problems).not.toContain("KIND");
  expect(problems).toMatch(/^ +more$/m);
  const pool = draw(lab.homelab, small, "j", "j", "!");
  expect(pointed(pool)).toMatch(/^> store +✖ tank is degraded/);
  expect(pool).toMatch(/virtio-LAB-TANK-B\)$/m);
  expect(draw(lab.homelab, { columns: 140, rows: 24 }, "!")).toContain("KIND");
});

it("begins with the worst problem, whatever zone it is in", () => {
  expect(pointed(draw(lab.homelab, small, "!"))).toMatch(/^> old +✖ unreachable/);
  const rows = draw(lab.homelab, small, "]", "]", "!").split("\n");
  const signs = rows.flatMap((row) => /^[> ] \S+ +([▲✖?]) /.exec(row)?.[1] ?? []);
  expect(signs).toEqual(signs.toSorted((a, b) => "✖▲?".indexOf(a) - "✖▲?".indexOf(b)));
  expect(new Set(signs).size).toBeGreaterThan(1);
});

it("shows what nobody could find out as unknown, by the same sign in the row and in the header", () => {
  const homelab = {
    ...withHost("pi", () => ({ state: "degraded" as const, problems: [lost] })),
    services: lab.homelab.services.map((known) => ({
      ...known,
      health: known.service.name === "web" ? known.health : ("unknown" as const),
    })),
  };
  const picture = draw(homelab, small);
  expect(picture).toMatch(/pi +\? ups: no answer/);
  expect(picture.split("\n")[0]).toMatch(/\? 1$/);
  expect(picture).toMatch(/vps1 +● ok .* 1\?\/4$/m);
  expect(picture).toMatch(/vps2 .* \?\/1$/m);
});

it("says how long it has been connecting", () => {
  const since = new Date(recordedAt.getTime() - 7_000);
  const homelab = withHost("pi", () => ({
    state: "unknown",
    problems: [],
    link: { status: "connecting", since },
    probes: {},
  }));
  expect(draw(homelab, small)).toMatch(/pi +◌ connecting for 7 s/);
});

it("tells the age of what it only remembers, however young, while the host lets us in already", () => {
  const seenAt = new Date(recordedAt.getTime() - 12_000);
  const remembered = withHost("store", () => ({ seenAt, probes: {} }));
  expect(draw(remembered, small)).toMatch(/store +✖ tank is .* 12 s ago$/m);
  expect(draw(remembered, small, "!")).toMatch(/store +✖ tank is .* 12 s ago$/m);
  const answered = withHost("store", () => ({ seenAt }));
  expect(draw(answered, small)).not.toContain("12 s ago");
});
