import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandFailed, ForwardRefused } from "../../src/errors.ts";
import { createFakeLab } from "./fake-lab.ts";

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
afterAll(() => {
  server.close();
});

/** What a host says to us when it should make a connection. */
const ways = {
  connects: async () => connect(port, "127.0.0.1"),
  "nothing listens": () => Promise.reject(new CommandFailed("127.0.0.1:80 refuses connections")),
  forbids: () => Promise.reject(new ForwardRefused("a to 127.0.0.1:80: administratively prohibited")),
};

async function judge(health: string, on: Partial<Record<"a" | "b", keyof typeof ways>>) {
  const lab = await createFakeLab(
    `hosts: { a: {}, b: {} }\nservices: { web: { home: a, runs: { unit: web.service }, health: [${health}] } }`,
  );
  lab.link("a").is.says = () => JSON.stringify({ "web.service": "active" });
  const asked: string[] = [];
  for (const name of ["a", "b"] as const)
    lab.link(name).is.forward = (address, to) => {
      asked.push(`${name} to ${address}:${to}`);
      return ways[on[name] ?? "nothing listens"]();
    };
  await lab.once();
  const [service] = lab.homelab().services;
  return { health: service?.health, reason: service?.reason, asked };
}

describe("a tcp check", () => {
  it("is passed when the port takes connections", async () => {
    expect(await judge("{ tcp: 80 }", { a: "connects" })).toEqual({
      health: "ok",
      reason: undefined,
      asked: ["a to 127.0.0.1:80"],
    });
  });

  it("is failed when the port is closed", async () => {
    expect(await judge("{ tcp: 80 }", { a: "nothing listens" })).toMatchObject({
      health: "failed",
      reason: expect.stringContaining("port 80 refuses connections"),
    });
  });

  it("is unknown when the host does not let us connect", async () => {
    expect(await judge("{ tcp: 80 }", { a: "forbids" })).toMatchObject({
      health: "unknown",
      reason: expect.stringContaining("administratively prohibited"),
    });
  });

  it("is asked from the host that it names", async () => {
    expect(await judge('{ tcp: "10.0.20.11:25", on: b }', { a: "nothing listens", b: "connects" })).toEqual({
      health: "ok",
      reason: undefined,
      asked: ["b to 10.0.20.11:25"],
    });
    expect(await judge('{ tcp: "10.0.20.11:25", on: b }', { a: "connects" })).toMatchObject({
      health: "failed",
      asked: ["b to 10.0.20.11:25"],
    });
  });
});
