import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Homelab } from "../../../src/model/homelab.ts";
import { expectFrame, plain } from "./fits.ts";
import { keys, openOn, pointed, type ShownHomelab } from "./open.ts";
import { type RecordedHomelab, readRecordedHomelab, recordedAt } from "./recorded-homelab.ts";
import { beginAt } from "./shift-clock.ts";
import { openStage } from "./stage.ts";

beginAt(recordedAt);

let lab: RecordedHomelab;
beforeAll(async () => {
  lab = await readRecordedHomelab();
});

const texts: Readonly<Record<string, string>> = {
  "colours and moves": "\x1b[31mred\x1b[2J\x1b[1;1Hhome\x1b[?1049l",
  "a title and a link": "\x1b]0;title\x07\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
  "a clipboard": "\x1b]52;c;ZXZpbA==\x07",
  "controls of C1": "\x9b31m\x9d0;x\x9c\x85\x90q",
  "right to left": "\u{202e}gnirts\u{202c} \u{2066}x\u{2069} \u{200f}\u{61c} שלום",
  "no width": "a\u{200b}b\u{200d}c\u{feff}d\u{ad}e\u{2060}",
  "double width": "日本語の長い名前でとても幅が広い ｆｕｌｌ 한국어",
  "many accents": `e${"\u{301}".repeat(300)}`,
  pictures: "👩‍👩‍👧‍👦👍🏽🇩🇪 ❤️ 1️⃣",
  "line breaks": "one\r\ntwo\nthree\u{2028}four\tfive\v\f",
  "half of a character": "\ud83d and \udc4d",
  "very long": "x".repeat(10_000),
  "very long and wide": "長".repeat(10_000),
  "not named": "",
};

const bend = (homelab: Homelab, text: string): ShownHomelab["homelab"] => {
  const resources = homelab.resources.map(
    (resource) =>
      ({
        ...resource,
        name: `${text}${resource.name}`,
        reason: text,
        findings: [{ severity: "failed", message: text }],
        details: Object.fromEntries(
          Object.entries(resource.details).map(([key, value]) => [
            key,
            typeof value === "string" ? text : value,
          ]),
        ),
      }) as (typeof homelab.resources)[number],
  );
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const bent = (parts: readonly { readonly id: string }[]) => parts.flatMap(({ id }) => byId.get(id) ?? []);
  return {
    hosts: homelab.hosts.map((host) => ({
      ...host,
      facts: { ...host.facts, os: text, kernel: text },
      problems: host.problems.map((problem) => ({ ...problem, message: text })),
    })),
    services: homelab.services.map((service) => ({
      ...service,
      reason: text,
      parts: bent(service.parts),
      uses: bent(service.uses),
    })),
    resources,
  };
};

const ways = [
  ["1"],
  ["2"],
  ["3"],
  ["3", "]"],
  ["3", "["],
  ["4"],
  ["4", "]"],
  ["4", "["],
  ["5"],
  ["6"],
  ["enter"],
  ["2", "enter"],
  ["3", "enter"],
  ["4", "enter"],
  ["4", "]", "enter"],
  ["5", "enter"],
  ["2", "l"],
  ["3", "a"],
  [":"],
];

describe.each(Object.entries(texts))("a host that says %s", (_, text) => {
  it.each([
    { columns: 60, rows: 15 },
    { columns: 80, rows: 24 },
    { columns: 200, rows: 60 },
  ])("does not break the frame at $columns×$rows", (size) => {
    const hostile = { homelab: bend(lab.homelab, text), places: lab.places };
    for (const unicode of [true, false])
      for (const way of ways) {
        const stage = openStage(hostile, size, { unicode });
        stage.press(...way);
        for (const { say } of stage.source.logs) {
          say(text);
          say(`2026-11-20T20:10:00Z ${text}`, true);
        }
        const rows = stage.rows();
        expectFrame(rows, size, way.join(" "));
        if (!unicode) expect(plain(rows).join("")).toMatch(/^[\x20-\x7e]*$/);
        stage.press("w");
        expectFrame(stage.rows(), size, `${way.join(" ")} wrapped`);
      }
  });
});

it("draws hostile text in a terminal as rows of their own", async () => {
  const hostile = {
    homelab: bend(lab.homelab, Object.values(texts).slice(0, 8).join(" ")),
    places: lab.places,
  };
  const { type, tty } = await openOn(hostile);
  for (const key of ["1", "2", "3", "4", "5"]) {
    const rows = (await type(key)).split("\n");
    expect(rows[0]).toMatch(/^ SCRAP {2}closet\+shed/);
    expect(rows.at(-2)).toContain("1 fleet");
    expect(rows).toHaveLength(24);
  }
  expect(tty.emulator.buffer.active.type).toBe("alternate");
  expect(tty.writes.join("")).not.toContain("\x1b]52");
});

it("writes and searches wide and combining characters where they are typed", async () => {
  const { type } = await openOn(lab);
  const screen = await type("/", "日本語 e\u{301}👍");
  expect(screen.split("\n").at(-1)).toContain("filter: 日本語 e\u{301}👍");
  await type("\x7f", "\x7f", "\x7f");
  expect((await type()).split("\n").at(-1)).toMatch(/filter: 日本語 /);
  await type(keys.esc);
});

const many = (count: number): ShownHomelab => {
  const template = lab.homelab.resources.find(({ kind }) => kind === "unit");
  if (!template) throw new Error("no unit was recorded");
  const resources = Array.from({ length: count }, (_, n) => {
    const name = `worker-${String(n).padStart(5, "0")}.service`;
    return { ...template, name, id: `vps1/systemd/unit/${name}`, background: false };
  });
  return { homelab: { ...lab.homelab, services: [], resources }, places: lab.places };
};

it("holds ten thousand rows", async () => {
  const stage = openStage(many(10_000), { columns: 120, rows: 40 });
  stage.press("3");
  stage.rows();
  for (const key of ["j", "j", "pagedown", "G", "k", "g", "space", "v", "]", "G", "k"]) {
    stage.press(key);
    expectFrame(stage.rows(), { columns: 120, rows: 40 }, key);
  }
  const { type } = await openOn(many(10_000));
  expect(await type("3", "G")).toContain("10000/10000");
  expect(pointed(await type("/", "worker-07777", keys.enter))).toContain("worker-07777.service");
});

it("outlives a storm of resizes", async () => {
  const { type, tty, seen } = await openOn(lab);
  await type("4", "j", "j");
  for (let n = 0; n < 200; n++) tty.resize(1 + ((n * 37) % 240), 1 + ((n * 13) % 70));
  tty.resize(80, 24);
  // On a busy machine the last one is drawn late.
  const patience = { timeout: 10_000 };
  const screen = await vi.waitFor(async () => {
    const shown = await seen();
    expect(shown.split("\n")).toHaveLength(24);
    expect(pointed(shown)).toContain("loop4");
    return shown;
  }, patience);
  for (const [columns, rows] of [
    [40, 20],
    [120, 40],
    [200, 60],
    [80, 24],
  ] as const) {
    tty.resize(columns, rows);
    await vi.waitFor(async () => {
      const lines = (await seen()).split("\n");
      if (columns === 40) expect(lines[0]).toBe("SCRAP needs 60×15.");
      else expect(lines).toHaveLength(rows);
    }, patience);
  }
  await vi.waitFor(async () => expect(await seen()).toBe(screen), patience);
});

it("shows the selection without colours, and nothing beyond ASCII in an ASCII locale", async () => {
  const { type, tty } = await openOn(lab, { env: { NO_COLOR: "1", LANG: "C" } });
  for (const key of ["1", "2", "3", "4", "5", "6", keys.enter, "?", keys.esc, ":", keys.esc, "W"])
    await type(key);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is driven by them
  expect(tty.writes.join("")).toMatch(/^[\x00-\x7e]*$/);
  expect(tty.writes.join("")).not.toMatch(/\[[\d;]*m/);
  tty.resize(40, 20);
  await type();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is driven by them
  expect(tty.writes.join("")).toMatch(/^[\x00-\x7e]*$/);
});
