import { expect, it } from "vitest";
import { createHomelabReader } from "../../src/model/homelab.ts";
import { inventoryOf } from "../inventory-of.ts";
import { hostWith, systemd } from "../simple-hosts.ts";

it("makes nothing anew of what has not changed", async () => {
  const inventory = await inventoryOf(`
hosts: { a: {}, b: {}, c: {} }
services:
  web: { home: a, runs: { unit: web.service } }
  mail: { home: b, runs: { unit: mail.service }, health: [{ tcp: 25, on: c }] }
`);
  const { read } = createHomelabReader(inventory, [systemd]);
  const [a, b, c] = [hostWith("a", { "web.service": "active" }), hostWith("b", {}), hostWith("c", {})];
  const look = (...hosts: readonly (typeof a)[]) =>
    read({ hosts: new Map(hosts.map((host) => [host.name, host])) }, ["a", "b", "c"]);
  const first = look(a, b, c);
  const later = look(a, b, hostWith("c", {}));
  expect(later.services[0]).toBe(first.services[0]);
  expect(later.hosts[0]).toBe(first.hosts[0]);
  // Its check is asked from there.
  expect(later.services[1]).not.toBe(first.services[1]);
  const moved = look(a, b, hostWith("c", { "web.service": "active" }));
  expect(moved.services[0]?.reason).toBe("runs on a and c at once");
});
