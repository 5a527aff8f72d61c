import { describe, expect, test } from "vitest";
import { countOf, lookAhead, upTo } from "../../src/releases/between.ts";
import type { Release } from "../../src/releases/feed.ts";
import { compareVersions, parseVersion, type Version } from "../../src/releases/version.ts";

const version = (text: string): Version => {
  const parsed = parseVersion(text);
  if (!parsed) throw new Error(text);
  return parsed;
};

const releases = (...texts: readonly string[]): readonly Release[] =>
  texts.map((text) => ({ version: version(text), title: text, warnings: [] }));

describe("what is a version", () => {
  test.each(["latest", "stable", "", "sha256:ab12", "v", "x".repeat(200)])("%s is none", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  test.each([
    ["v1.2.3", "v", ["1", "2", "3"], "", false],
    ["27-apache", "", ["27"], "apache", false],
    ["16.2-alpine3.19", "", ["16", "2"], "alpine", false],
    ["2024.08.1-ls12", "", ["2024", "08", "1"], "ls", false],
    ["server-v2.1-rc1", "server-v", ["2", "1"], "", true],
    ["3.0.0rc1", "", ["3", "0", "0"], "", true],
    ["28.0.0-beta.2-apache", "", ["28", "0", "0"], "apache", true],
    ["k3s-v1.2", "k3s-v", ["1", "2"], "", false],
    ["1.2.3-4", "", ["1", "2", "3"], "", false],
  ] as const)("%s", (text, prefix, numbers, variant, isPreRelease) => {
    expect(version(text)).toMatchObject({ prefix, numbers, variant, isPreRelease });
  });

  test("names that go on and on are read at once", () => {
    expect(parseVersion(`${"a_-".repeat(42)}!`)).toBeUndefined();
  });
});

test.each([
  ["1.9", "1.10"],
  ["1.2", "1.2.1"],
  ["v1.2.3-rc1", "v1.2.3"],
  ["1.2.3-ls9", "1.2.3-ls10"],
  ["2024.8", "2024.11"],
])("%s is older than %s", (older, newer) => {
  expect(compareVersions(version(older), version(newer))).toBeLessThan(0);
  expect(compareVersions(version(newer), version(older))).toBeGreaterThan(0);
});

describe("what lies ahead of a pin", () => {
  const look = (pin: string, ...feed: readonly string[]) => {
    const outlook = lookAhead(version(pin), releases(...feed));
    return { next: outlook.next?.text, major: outlook.nextMajor?.text, count: countOf(outlook) };
  };

  test("the newest of the same major version, and that there is a major one", () => {
    expect(look("27.0.1", "v28.0.0", "v27.1.0", "v27.0.2", "v27.0.1")).toEqual({
      next: "27.1.0",
      major: "28.0.0",
      count: "3",
    });
  });

  test("a variant stays that variant, and a pin as short as it was", () => {
    expect(look("27-apache", "v28.0.1", "v27.1.0")).toEqual({
      next: undefined,
      major: "28-apache",
      count: "1",
    });
    expect(look("27-apache", "28-fpm", "28-apache", "27-apache", "29-fpm")).toEqual({
      next: undefined,
      major: "28-apache",
      count: "1",
    });
  });

  test("no pre-release, and nothing of another thing in the same feed", () => {
    expect(look("v1.0.0", "v1.1.0-rc1", "v1.0.0")).toEqual({ next: undefined, major: undefined, count: "0" });
    expect(look("1.0", "client-v9.0", "server-v1.1", "1.1", "1.0").next).toBe("1.1");
    expect(look("1.0", "client-v9.0", "server-v1.1").next).toBeUndefined();
    expect(look("1.0.0", "web-v1.1.0", "web-v1.0.0").next).toBe("1.1.0");
  });

  test("from a pre-release to what it became", () => {
    expect(look("2.0.0-rc1", "2.0.0", "2.0.0-rc1").next).toBe("2.0.0");
  });

  test("a feed that does not reach back to the pin says at least", () => {
    expect(look("1.0.0", "1.3.0", "1.2.0").count).toBe("at least 2");
  });

  test("who stops half-way passes only what lies before", () => {
    const pin = version("1.0");
    const outlook = lookAhead(pin, releases("1.3", "1.2", "1.1", "1.0"));
    expect(upTo(version("1.2"), outlook, pin).map(({ title }) => title)).toEqual(["1.2", "1.1"]);
  });
});
