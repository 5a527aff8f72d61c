import { describe, expect, it } from "vitest";
import { scrap } from "../cli/harness.ts";

const labWith = (services: string) => ({
  inventory: `
version: 1
hosts: { vps1: {} }
${services}
`,
  hosts: { vps1: ["vps1-workloads-down", "vps1-healthy"] },
});

async function problemsOf(services: string): Promise<readonly { kind: string; message: string }[]> {
  const { stdout } = await scrap(labWith(services), "status", "--json");
  return JSON.parse(stdout).hosts[0].problems;
}

describe("a container of a Compose project that ended", () => {
  const isOfChat = ({ message }: { readonly message: string }) => message.includes("killed by signal 9");

  it("is told once, by its project", async () => {
    const told = (await problemsOf("")).filter(isOfChat);
    expect(told).toEqual([expect.objectContaining({ kind: "project" })]);
    expect(told[0]?.message).toContain("chat-app-1 ended with exit status 137");
  });

  it("is told once, by the service that is declared", async () => {
    const told = (await problemsOf("services: { chat: { home: vps1, runs: { compose: chat } } }")).filter(
      isOfChat,
    );
    expect(told).toEqual([expect.objectContaining({ kind: "service" })]);
    expect(told[0]?.message.match(/signal 9/g)).toHaveLength(1);
  });

  it("says for itself what became of it, too", async () => {
    const { stdout } = await scrap(labWith(""), "describe", "container", "vps1/docker/container/chat-app-1");
    expect(stdout).toContain("ended with exit status 137");
  });
});
