import { describe, expect, it } from "vitest";
import { readHomelab } from "../tui/cockpit/recorded-homelab.ts";

const labOn = (store: readonly string[], ...services: readonly string[]) =>
  readHomelab(`version: 1\nhosts: { vps1: {}, store: {} }\nservices: { ${services.join(", ")} }\n`, {
    vps1: ["vps1-snapshots", "vps1-healthy"],
    store,
  });

const webOn = (data: string) => `web: { home: vps1, runs: { quadlet: web.container }, data: [${data}] }`;
const mail = "mail: { home: vps1, runs: { quadlet: mail.pod }, data: [{ zfs: tank/mail, on: store }] }";
const degraded = ["store-disk-failed-zfs", "store-snapshots", "store-healthy"];

async function stateOf(name: string, ...lab: Parameters<typeof labOn>) {
  const { homelab } = await labOn(...lab);
  const known = homelab.services.find(({ service }) => service.name === name);
  return [known?.health, known?.reason];
}

describe("a service whose data is on a degraded pool", () => {
  it("has a warning that names the pool, wherever it runs", async () => {
    expect(await stateOf("mail", degraded, mail)).toEqual(["warning", "stands on tank, which is degraded"]);
  });

  it("is no problem more: the pool's own says who stands on it", async () => {
    const [{ homelab: without }, { homelab }] = [
      await labOn(degraded, webOn("")),
      await labOn(degraded, mail, webOn("")),
    ];
    const problems = homelab.hosts.flatMap((host) => host.problems);
    expect(problems).toHaveLength(without.hosts.flatMap((host) => host.problems).length);
    const [pool] = problems.filter(({ kind }) => kind === "pool");
    expect(pool?.message).toMatch(/tank is degraded.*; mail stands on it$/);
    expect(homelab.hosts.find(({ name }) => name === "vps1")?.state).toBe("ok");
  });

  it("is well again when the pool is, and another never was otherwise", async () => {
    expect(await stateOf("mail", ["store-snapshots", "store-healthy"], mail)).toEqual(["ok", undefined]);
    expect(await stateOf("web", degraded, webOn(""))).toEqual(["ok", undefined]);
  });
});

describe.each([
  ["store-disk-failed-mdadm", "{ path: /srv/md, on: store }", /^stands on md0, which runs on 1 of 2 disks/],
  ["store-smart-failing", "{ path: /fast, on: store }", /^stands on nvme0n1: nvme0 is failing/],
])("%s", (scene, data, reason) => {
  it("is a warning for what stands on it", async () => {
    const state = await stateOf("web", [scene, "store-snapshots", "store-healthy"], webOn(data));
    expect(state).toEqual(["warning", expect.stringMatching(reason)]);
  });
});
