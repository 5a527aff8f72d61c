import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Homelab } from "../../../src/model/homelab.ts";
import type { Known } from "../../../src/model/resources.ts";
import { plain } from "./fits.ts";
import { type RecordedHomelab, readRecordedHomelab, recordedAt } from "./recorded-homelab.ts";
import { type DrawnStage, openStage } from "./stage.ts";

let lab: RecordedHomelab;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: recordedAt });
  lab = await readRecordedHomelab();
});
afterAll(() => {
  vi.useRealTimers();
});

const isDisk = ({ name, host }: Known) => host === "nas" && name === "loop1";
const isFileSystem = ({ name, host, kind }: Known) =>
  kind === "filesystem" && host === "nas" && name === "/srv";

/** Everything was answered just now, but what is chosen so long ago. */
const answered = (agoMs: number, isChosen: (resource: Known) => boolean): Homelab => {
  const at = (ms: number) => new Date(recordedAt.getTime() - ms);
  return {
    ...lab.homelab,
    hosts: lab.homelab.hosts.map((host) => ({ ...host, seenAt: at(0) })),
    resources: lab.homelab.resources.map((each) => {
      const seenAt = at(isChosen(each) ? agoMs : 0);
      return { ...each, seenAt, ...(each.due ? { due: { ...each.due, at: seenAt } } : {}) };
    }),
  };
};

const size = { columns: 120, rows: 40 };

function draw(homelab: Homelab, ...keys: readonly string[]) {
  const stage = openStage({ homelab, places: lab.places }, size);
  stage.press(...keys);
  return stage;
}

/** The row of a thing: what it says, and whether that text of it is grey. */
function rowOf(stage: DrawnStage, name: RegExp, text: string) {
  const { look } = stage.stage.scene.get();
  const row = stage.rows().find((each) => name.test(plain([each])[0] ?? "")) ?? "";
  return { words: plain([row])[0], isGrey: row.includes(look.paint("muted", text)) };
}

describe("a value that was not answered again", () => {
  const fileSystem = (agoMs: number) =>
    rowOf(draw(answered(agoMs, isFileSystem), "4", "["), /^..\/srv /, "btrfs");
  const disk = (agoMs: number) => rowOf(draw(answered(agoMs, isDisk), "4"), /loop1 +nas /, "nas");

  it("is as it was while its question is not due", () => {
    const { words, isGrey } = fileSystem(50_000);
    expect(words).not.toContain("ago");
    expect(isGrey).toBe(false);
  });

  it("is grey after two of its intervals, and its age is told after three", () => {
    const late = fileSystem(70_000);
    expect(late.isGrey).toBe(true);
    expect(late.words).not.toContain("ago");
    expect(fileSystem(100_000).words).toContain("100 s ago");
  });

  it("may be older where it is asked more rarely", () => {
    expect(disk(500_000)).toMatchObject({ isGrey: false, words: expect.not.stringContaining("ago") });
    expect(disk(1_000_000)).toMatchObject({ isGrey: true, words: expect.stringContaining("17 min ago") });
  });

  it("is as old as what of it is asked most often, however rarely the rest is", () => {
    const ups = (agoMs: number) =>
      rowOf(
        draw(
          answered(agoMs, ({ kind }) => kind === "ups"),
          "5",
        ),
        /rack /,
        "nas",
      );
    expect(ups(25_000)).toMatchObject({ isGrey: false, words: expect.not.stringContaining("ago") });
    expect(ups(50_000)).toMatchObject({ isGrey: true, words: expect.stringContaining("50 s ago") });
  });

  it("is grey on its page, too", () => {
    const page = (agoMs: number) => {
      const stage = draw(answered(agoMs, isFileSystem), "4", "[", "/");
      stage.write("name:/srv");
      stage.press("enter", "enter");
      return rowOf(stage, /type +btrfs/, "btrfs").isGrey;
    };
    expect(page(50_000)).toBe(false);
    expect(page(70_000)).toBe(true);
  });
});

it("greys what is known of a host that is away, and leaves its state as loud as it is", () => {
  const [vps1] = lab.homelab.hosts;
  const old = lab.homelab.hosts.find(({ name }) => name === "old");
  if (!vps1 || !old) throw new Error("the recorded homelab has another shape");
  const away = { ...vps1, state: old.state, link: old.link, problems: old.problems };
  const homelab = answered(0, () => false);
  const stage = draw({ ...homelab, hosts: [away, ...homelab.hosts.slice(1)] });
  const memory = `${Math.round((1 - (vps1.facts.memoryAvailableBytes ?? 0) / (vps1.facts.memoryBytes ?? 1)) * 100)}%`;
  expect(rowOf(stage, /vps1 /, memory).isGrey).toBe(true);
  expect(rowOf(stage, /vps1 /, "unreachable").isGrey).toBe(false);
  const { look } = stage.stage.scene.get();
  expect(stage.rows().join("\n")).toContain(look.state("unreachable"));
  expect(rowOf(draw(homelab), /vps1 /, memory).isGrey).toBe(false);
});
