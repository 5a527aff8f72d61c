import { expect, it } from "vitest";
import { backends } from "../../src/backends/registry.ts";
import { eyesFor, type Request } from "../../src/operations/operations.ts";
import { inventoryOf } from "../inventory-of.ts";

it("asks a host for a plan no more than the plan is about", async () => {
  const inventory = await inventoryOf(`
hosts: { apps: {} }
services:
  web: { home: apps, runs: { unit: web.service }, data: [{ zfs: tank/web }] }
  chat: { home: apps, runs: { compose: chat }, data: [{ zfs: tank/chat }] }
  wiki:
    home: apps
    runs: { unit: wiki.service }
    data: [{ zfs: tank/wiki }]
    hooks: { beforeSnapshot: { command: [sync], in: wiki-db } }
`);
  const asked = (request: Request) => backends.filter(eyesFor(request, inventory) ?? (() => true));
  const ids = (request: Request) => asked(request).map(({ id }) => id);
  const snapshot = (...names: readonly string[]): Request => ({ verb: "snapshot", name: "all", names });
  expect(ids(snapshot("web"))).toEqual(["systemd"]);
  expect(ids({ verb: "backup", name: "web" })).toEqual(["systemd"]);
  expect(ids({ verb: "restore", name: "web", from: "x" })).toEqual(["systemd"]);
  expect(ids(snapshot("web", "chat"))).toEqual(["systemd", "docker"]);
  // In which container a hook runs, somebody has to have seen.
  expect(ids(snapshot("wiki"))).toContain("podman");
  expect(ids({ verb: "restore", name: "web", from: "x", drill: true })).toContain("podman");
  expect(asked({ verb: "deploy", name: "web" }).map(({ kind }) => kind)).toContain("storage");
});
