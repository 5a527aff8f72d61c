import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { backup as borg } from "../../../src/backends/backup/borg/verbs.ts";
import { parseTags, toTags } from "../../../src/backends/backup/label.ts";
import { backup as restic } from "../../../src/backends/backup/restic/verbs.ts";
import type { AddressedRepository, BackupLabel } from "../../../src/backends/backup-verbs.ts";
import { isWhyNot } from "../../../src/backends/verbs.ts";
import type { Output } from "../../../src/command/command.ts";
import { play } from "../../operations/played-planning.ts";

/** What real tools of the lab answered, by what was wrong. */
const recorded = (name: string): Readonly<Record<string, Output>> =>
  JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), "utf8"));

const repository: AddressedRepository = {
  name: "nas",
  tool: "restic",
  address: "sftp:nas:/srv/x",
  appendOnly: false,
  password: "pass:lab/nas",
};

describe.each([
  ["restic-0.14", restic],
  ["restic-0.18", restic],
  ["borg-1.2", borg],
  ["borg-1.4", borg],
] as const)("%s", (name, verbs) => {
  const answers = recorded(name);
  const list = (what: string) =>
    play(verbs.list({ ...repository, tool: verbs.tool as "restic" }, "apps"), [[/./, answers[what] ?? {}]]);

  it("lists what was put there, the newest first, with all that was written on it", () => {
    const found = list("list");
    if (isWhyNot(found)) throw new Error(found.whyNot);
    expect(found.length).toBeGreaterThan(0);
    for (const { service, host, consistency, places, at } of found) {
      expect(service).toMatch(/^backup-/);
      expect(host).toBe("vps1");
      expect(consistency).toMatch(/^(crash-consistent|file-by-file)$/);
      expect(places[0]?.path).toMatch(/^\//);
      expect(at.toISOString()).toMatch(/^2026-11-21T1/);
    }
    expect(found.map(({ at }) => at.getTime())).toEqual(
      found.map(({ at }) => at.getTime()).toSorted((a, b) => b - a),
    );
  });

  it.each([
    ["wrong-password", /does not open: pass:lab\/nas is not its password/],
    ["missing", /There is no (restic|borg) repository at sftp:nas:\/srv\/x, as apps sees it/],
    ["unreachable", /apps does not reach the repository nas .*: (nobody@10\.77\.0\.13: )?Permission denied/],
  ])("says what %s means", (what, meaning) => {
    const found = list(what);
    expect(isWhyNot(found) && found.whyNot).toMatch(meaning);
    expect(isWhyNot(found) && found.isMissing === true).toBe(what === "missing");
  });
});

it("says that the tool is missing, and how it comes there", () => {
  const stderr = "timeout: failed to run command ‘restic’: No such file or directory";
  const found = play(restic.list(repository, "apps"), [[/./, { exitCode: 127, stderr }]]);
  expect(found).toMatchObject({
    whyNot: "apps has no restic.",
    hint: "Install it there: apt install restic",
  });
});

it("keeps a label in tags without commas and white space, whatever the names are", () => {
  const label: BackupLabel = {
    service: "web",
    operation: "20261121-1413-backup-web-x7k2",
    host: "apps",
    consistency: "app-consistent",
    places: [{ kind: "path", name: "/srv/a, b=c 100%", path: "/srv/a, b=c 100%" }],
  };
  const tags = toTags(label);
  expect(tags.join("")).not.toMatch(/[,\s]/);
  expect(parseTags(tags)).toEqual(label);
  expect(parseTags(["by-hand", "100%"])).toBeUndefined();
});
