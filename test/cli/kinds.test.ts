import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { backends } from "../../src/backends/registry.ts";
import { type Kind, kinds, toolsOf } from "../../src/cli/kinds.ts";

const recordings = join(dirname(fileURLToPath(import.meta.url)), "../recordings");

it("knows of each kind by which backends it is seen", () => {
  const seen = new Map<string, Set<string>>();
  for (const file of readdirSync(recordings, { recursive: true, encoding: "utf8" })) {
    const [, tool] = /\/([a-z]+)\.resources\.json$/.exec(file) ?? [];
    if (tool === undefined) continue;
    const text = readFileSync(join(recordings, file), "utf8");
    for (const [, kind = ""] of text.matchAll(/"kind": "(\w+)"/g))
      seen.set(kind, (seen.get(kind) ?? new Set()).add(tool));
  }
  for (const kind of kinds.filter(
    (name): name is Exclude<Kind, "host" | "service"> => !["host", "service"].includes(name),
  ))
    expect([kind, [...toolsOf[kind]].sort()]).toEqual([kind, [...(seen.get(kind) ?? [])].sort()]);
  const ids = backends.map(({ id }) => id);
  expect(
    Object.values(toolsOf)
      .flat()
      .every((tool) => ids.includes(tool)),
  ).toBe(true);
});
