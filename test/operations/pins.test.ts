import { describe, expect, test } from "vitest";
import { planOutlook } from "../../src/operations/outlook.ts";
import { findPins, placeOf } from "../../src/operations/pins.ts";
import { inventoryOf } from "../inventory-of.ts";
import { play, type World } from "./played-deploy.ts";

async function serviceOf(fields: string, files: Readonly<Record<string, string>> = {}) {
  const text = `version: 1\nhosts: { h: {} }\nservices:\n  web:\n    home: h\n    runs: { quadlet: web.container }\n${fields}`;
  const inventory = await inventoryOf(text);
  const service = inventory.services.get("web");
  if (!service) throw new Error("no service");
  const world: World = { own: { "/lab/inventory.yaml": text, ...files } };
  return { inventory, service, world };
}

async function pinsOf(fields: string, files: Readonly<Record<string, string>> = {}) {
  const { inventory, service, world } = await serviceOf(fields, files);
  return play(findPins(service, { inventory }), world).map((pin) => `${placeOf(pin)} ${pin.version}`);
}

const compose = "services:\n  web:\n    image: web:1.2\n  db:\n    image: postgres:16\n";

describe("the pin is found where the user keeps it", () => {
  test.each([
    [
      "the variable that is named",
      "    version: { in: vars.yml#web.version }\n",
      { "/lab/vars.yml": "web: { version: 1.2 }\n" },
      ["/lab/vars.yml:1 (web.version) 1.2"],
    ],
    [
      "a quadlet",
      "    from: { files: q }\n",
      { "/lab/q/web.container": "[Container]\nImage=web:1.2\n" },
      ["/lab/q/web.container:2 (Image) 1.2"],
    ],
    [
      "the image of a compose file",
      "    from: { compose: c.yaml, to: /srv }\n    version: { image: web }\n",
      { "/lab/c.yaml": compose },
      ["/lab/c.yaml:3 (services.web.image) 1.2"],
    ],
    [
      "what Compose fills in",
      "    from: { compose: c/c.yaml, to: /srv }\n",
      { "/lab/c/c.yaml": "services: { web: { image: 'web:$WEB' } }\n", "/lab/c/.env": "WEB=1.2\n" },
      ["/lab/c/.env:1 (WEB) 1.2"],
    ],
    [
      "the inventory, and the file that has it too",
      "    from: { files: q }\n    version: { pin: 1.10 }\n",
      { "/lab/q/web.container": "[Container]\nImage=web:1.10\n" },
      ["/lab/q/web.container:2 (Image) 1.10", "/lab/inventory.yaml:8 (services.web.version.pin) 1.10"],
    ],
  ] as const)("%s", async (_, fields, files, expected) => {
    expect(await pinsOf(fields, files)).toEqual(expected);
  });
});

describe("where it is not clear, file and field are named", () => {
  test.each([
    ["nowhere", "", {}, "Nobody said where the version of web"],
    ["no file", "    version: { in: gone.yml#v }\n", {}, "/lab/gone.yml is not there"],
    [
      "two images",
      "    from: { compose: c.yaml, to: /srv }\n",
      { "/lab/c.yaml": compose },
      "services.db.image: postgres:16",
    ],
    [
      "two quadlets",
      "    from: { files: q }\n",
      { "/lab/q/a.container": "[Container]\nImage=a:1\n", "/lab/q/b.container": "[Container]\nImage=b:1\n" },
      "/lab/q/b.container",
    ],
    [
      "two versions",
      "    from: { files: q }\n    version: { pin: 1.1 }\n",
      { "/lab/q/web.container": "[Container]\nImage=web:1.2\n" },
      "says 1.2, /lab/inventory.yaml:8 (services.web.version.pin) says 1.1",
    ],
    [
      "filled in from nowhere",
      "    from: { compose: c/c.yaml, to: /srv }\n",
      { "/lab/c/c.yaml": "services: { web: { image: 'web:$V' } }\n" },
      "there is no /lab/c/.env",
    ],
  ] as const)("%s", async (_, fields, files, why) => {
    await expect(pinsOf(fields, files)).rejects.toThrow(why);
  });
});

describe("how far behind a service is", () => {
  test("what cannot be known says why", async () => {
    const { inventory, service, world } = await serviceOf("");
    expect(play(planOutlook(service, { inventory }), world)).toEqual({
      service: "web",
      warnings: [],
      unknown: "Nobody said where the version of web is written down.",
    });
  });

  test("a feed that is none is not taken for up to date", async () => {
    const { inventory, service, world } = await serviceOf(
      "    version: { in: v.env#V }\n    releases: https://x.example/feed\n",
      { "/lab/v.env": "V=1.0\n" },
    );
    const feeds = { "https://x.example/feed": "<html>Sign in</html>" };
    expect(play(planOutlook(service, { inventory }), { ...world, feeds })).toMatchObject({
      pin: "1.0",
      unknown: expect.stringContaining("Neither Atom nor RSS"),
    });
  });
});
