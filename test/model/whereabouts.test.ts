import { describe, expect, it } from "vitest";
import { homelabOf, hostWith } from "../simple-hosts.ts";

const running = { "web.service": "active" };
const stopped = { "web.service": "inactive" };
const hosts = "hosts: { a: {}, b: {}, c: {} }\n";
const one = `${hosts}services: { web: { home: a, runs: { unit: web.service } } }`;
const movable = `${hosts}services: { web: { home: a, runs: { unit: web.service }, failover: { policy: manual, to: [b] } } }`;

async function said(inventory: string, ...states: ReturnType<typeof hostWith>[]) {
  const { services } = await homelabOf(inventory, states);
  return services.map(({ service, health, reason }) => [service.name, health, reason].join(" ").trim());
}

describe("a service that is stopped", () => {
  it("is down, whatever became of hosts that it has nothing to do with", async () => {
    expect(await said(one, hostWith("a", stopped), hostWith("b", {}, "down"))).toEqual([
      "web failed is stopped on a, its home is a",
    ]);
    expect(await said(one, hostWith("a", {}), hostWith("b", {}, "down"), hostWith("c", {}, "idle"))).toEqual([
      "web failed does not run on a",
    ]);
  });

  it("is well where somebody wanted that, and says who", async () => {
    const rest = (service: string) => (service === "web" ? "stopped on purpose by anna" : undefined);
    const states = [hostWith("a", stopped), hostWith("b", {}), hostWith("c", {})];
    const { services, hosts } = await homelabOf(one, states, rest);
    expect(services).toMatchObject([{ health: "ok", reason: "stopped on purpose by anna", findings: [] }]);
    expect(hosts.flatMap(({ problems }) => problems)).toEqual([]);
    const [unseen] = (await homelabOf(one, [hostWith("a", {}, "down")], rest)).services;
    expect(unseen).toMatchObject({ health: "unknown" });
  });

  it.each([
    ["is a failover target", movable, {}],
    [
      "has its replica",
      movable.replace("failover: { policy: manual, to: [b] }", "replica: { on: b, every: 1h }"),
      {},
    ],
    ["ran it before", one, running],
  ])("may run on a host that %s and does not answer", async (_why, inventory, before) => {
    expect(await said(inventory, hostWith("a", stopped), hostWith("b", before, "down"))).toEqual([
      "web unknown not seen running: b is not reachable",
    ]);
  });
});

describe("a service that runs", () => {
  it("away from home is found wherever it is", async () => {
    expect(await said(one, hostWith("a", {}), hostWith("b", {}), hostWith("c", running))).toEqual([
      "web warning runs on c, its home is a",
    ]);
    expect(await said(one, hostWith("a", {}, "down"), hostWith("c", running))).toEqual([
      "web warning runs on c, its home is a",
    ]);
  });

  it("twice has failed", async () => {
    expect(await said(movable, hostWith("a", running), hostWith("b", running))).toEqual([
      "web failed runs on a and b at once",
    ]);
  });

  it("at home and where nobody wants it may be two things of one name", async () => {
    expect(await said(one, hostWith("a", running), hostWith("b", running))).toEqual([
      "web warning runs on a and b at once",
    ]);
  });

  it("at home is well while a host that it may be moved to does not answer", async () => {
    expect(await said(movable, hostWith("a", running), hostWith("b", {}, "down"))).toEqual(["web ok"]);
  });
});

describe("two services of the same unit", () => {
  const two = `${hosts}services:
  web: { home: a, runs: { unit: web.service } }
  site: { home: b, runs: { quadlet: web.container } }
`;

  it("are at home on their hosts", async () => {
    expect(await said(two, hostWith("a", running), hostWith("b", running))).toEqual(["web ok", "site ok"]);
  });

  it("are down each for itself", async () => {
    expect(await said(two, hostWith("a", {}), hostWith("b", running))).toEqual([
      "web failed does not run on a",
      "site ok",
    ]);
  });

  it("do not both run on a third host: it is the one that is not at home", async () => {
    expect(await said(two, hostWith("a", {}), hostWith("b", running), hostWith("c", running))).toEqual([
      "web warning runs on c, its home is a",
      "site ok",
    ]);
  });

  it("belong to whose home it is, though the other may be moved there", async () => {
    const moved = two.replace(
      "unit: web.service }",
      "unit: web.service }, failover: { policy: manual, to: [b] }",
    );
    expect(await said(moved, hostWith("a", {}), hostWith("b", running))).toEqual([
      "web failed does not run on a or b",
      "site ok",
    ]);
  });
});
