import { beforeAll, expect, it } from "vitest";
import { openOn } from "./open.ts";
import { type RecordedHomelab, readRecordedHomelab, recordedAt } from "./recorded-homelab.ts";
import { beginAt } from "./shift-clock.ts";

beginAt(recordedAt);

let lab: RecordedHomelab;
beforeAll(async () => {
  lab = await readRecordedHomelab();
});

const titleOf = (screen: string) => screen.split("\n")[2]?.trim();

it("reads a log from further back, and keeps its name", async () => {
  const { type, source } = await openOn(lab);
  const title = titleOf(await type("3", "l"))?.replace(/ {2}following$/, "");
  expect(title).toMatch(/^log of \S/);
  expect(titleOf(await type("s"))).toBe(`${title}, last 10 min  following`);
  expect(titleOf(await type("s"))).toBe(`${title}, last hour  following`);
  expect(titleOf(await type("s", "s"))).toBe(`${title}  following`);
  const whose = Map.groupBy(source.logs, ({ request }) => request.sinceMs);
  expect([...whose.keys()]).toEqual([undefined, 600_000, 3_600_000, 86_400_000]);
  const first = new Set(whose.get(600_000)?.map(({ resource }) => resource.id));
  expect(new Set(source.logs.map(({ resource }) => resource.id))).toEqual(first);
});

it("shows nothing of what a log was given up for", async () => {
  const { type, seen, source } = await openOn(lab);
  await type("3", "l", "s");
  source.logs[0]?.say("from the first");
  source.logs.at(-1)?.say("from the second");
  const screen = await seen();
  expect(screen).toContain("from the second");
  expect(screen).not.toContain("from the first");
});

it("lets no words of a failure drive the terminal", async () => {
  const { type, seen, source } = await openOn(lab);
  await type("3", "l");
  source.logs[0]?.fail(new Error("no\x1b]0;owned\x07 such\nlog\x1b[2J"));
  expect(titleOf(await seen())).toMatch(/no\]0;owned such log\[2J$/);
});
