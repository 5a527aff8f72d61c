import { describe, expect, test } from "vitest";
import { Refused, UsageError } from "../../src/errors.ts";
import { chooseVersion, type Wanted } from "../../src/operations/choose-version.ts";
import { inventoryOf } from "../inventory-of.ts";
import { play } from "./played-deploy.ts";

const entry = (version: string, notes = "") =>
  `<entry><id>tag:github.com,2008:Repository/1/v${version}</id><updated>2026-11-01T00:00:00Z</updated>
   <title>v${version}</title><content>${notes}</content></entry>`;

const url = "https://forge.example/releases.atom";
const feed = `<feed>${entry("28.0.1", "Breaking: php 8")}${entry("28.0.0-rc1")}${entry("27.1.0", "Tables are migrated")}${entry("27.0.2")}${entry("27.0.1")}</feed>`;

async function choose(pin: string, wanted: Wanted = {}, releases: string | undefined = url) {
  const inventory = await inventoryOf(`
hosts: { h: {} }
services: { cloud: { home: h, runs: { container: cloud }${releases ? `, releases: "${releases}"` : ""} } }`);
  const service = inventory.services.get("cloud");
  if (!service) throw new Error("no service");
  return play(chooseVersion(service, pin, wanted), { feeds: { [url]: feed } });
}

describe("the version to go to", () => {
  test("is the newest of the same major version, with what lies on the way", async () => {
    expect(await choose("27.0.1")).toMatchInlineSnapshot(`
      {
        "notes": [
          "Releases on the way: 2",
          "  v27.1.0  2026-11-01  (speaks of migration)",
          "  v27.0.2  2026-11-01",
          "28.0.1 is there too: a major step, with --major.",
        ],
        "to": "27.1.0",
      }
    `);
  });

  test("is the one that stands there already when there is nothing newer", async () => {
    expect((await choose("28.0.1")).to).toBe("28.0.1");
    expect((await choose("28.0.1", {}, url)).notes).toEqual([]);
  });

  test("may be named, and may be a major step when that is said", async () => {
    expect((await choose("27.0.1", { to: "27.0.2" })).to).toBe("27.0.2");
    expect((await choose("27-apache", { major: true })).to).toBe("28-apache");
    expect((await choose("27.0.1", { to: "27.5.0" })).notes).toContain(
      "27.5.0 is not in the feed of its releases.",
    );
    expect((await choose("27.0.1", { to: "27.5.0" }, "")).to).toBe("27.5.0");
  });
});

describe("what is no upgrade is refused", () => {
  test.each([
    ["a major step that nobody asked for", "27.0.1", { to: "28.0.1" }, "is a major step"],
    ["an older version", "27.1.0", { to: "27.0.2" }, "is older than 27.1.0"],
    ["another variant", "27-apache", { to: "28-fpm", major: true }, "another variant"],
    ["what cannot be compared", "latest", {}, "no version that could be compared"],
  ] as const)("%s", async (_, pin, wanted, why) => {
    await expect(choose(pin, wanted)).rejects.toThrow(why);
    await expect(choose(pin, wanted)).rejects.toThrow(Refused);
  });

  test("without a feed and without a name", async () => {
    await expect(choose("27.0.1", {}, "")).rejects.toThrow("Nobody said where releases of cloud");
  });

  test("a word that is no tag", async () => {
    await expect(choose("27.0.1", { to: "28; reboot" })).rejects.toThrow(UsageError);
  });
});
