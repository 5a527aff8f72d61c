import { expect, it } from "vitest";
import { backends } from "../../src/backends/registry.ts";
import { planLifecycle } from "../../src/operations/lifecycle.ts";
import { whyNot } from "../../src/operations/possible.ts";
import { toText } from "../../src/plan/text.ts";
import { groundOf, planWith, runsQuadlet, type Scene } from "./played-deploy.ts";

/** systemd forgets what is stopped and wanted by nobody: no list has it. */
const unloaded = (load: string, more = ""): Scene => ({
  inventory: `
hosts: { vps1: {} }
services:
  web: { home: vps1, runs: { quadlet: web.container${more} } }
`,
  says: {
    "systemctl show --value --property=LoadState -- web.service": load,
    "--user --machine=alice@.host show --value --property=LoadState -- web.service": load,
    "getent passwd alice": "alice:x:1004:1004::/home/alice:/bin/sh\n",
    "property=InvocationID": "",
    "property=ActiveState": "inactive\n",
  },
});

const plan = (verb: "start" | "stop" | "restart", scene: Scene) =>
  planWith((ground) => planLifecycle({ verb, name: "web" }, ground), scene);

it.each(["start", "stop", "restart"] as const)(
  "finds the unit of a service that systemd has forgotten, to %s it",
  async (verb) => {
    const [step] = (await plan(verb, unloaded("loaded\n"))).steps;
    expect(step?.kind === "run" && toText(step.command)).toBe(`systemctl ${verb} -- web.service`);
  },
);

it("finds that of a user by their own manager", async () => {
  const [step] = (await plan("start", unloaded("loaded\n", ", user: alice"))).steps;
  expect(step?.kind === "run" && toText(step.command)).toBe(
    "systemctl --user --machine=alice@.host start -- web.service",
  );
});

it("says that there is nothing where systemd has no file of it", async () => {
  await expect(plan("start", unloaded("not-found\n"))).rejects.toThrow("There is nothing of web on vps1.");
});

it("does not rule out before anybody asked what systemd may have forgotten", async () => {
  const { inventory, homelab } = await groundOf(unloaded(""));
  expect(whyNot("start", "web", { inventory, backends, homelab })).toBeUndefined();
});

it("offers an upgrade of what is put in place from files, which name its version", async () => {
  const why = async (from: string) => {
    const { inventory, homelab } = await groundOf(unloaded("", from));
    return whyNot("upgrade", "web", { inventory, backends, homelab })?.whyNot;
  };
  expect(await why(" }, from: { files: web")).toBeUndefined();
  expect(await why("")).toContain("which version it has");
});

const running = (active: string, main: object = {}): Scene => ({
  ...unloaded("loaded\n"),
  main: { ...runsQuadlet.main, ...main },
  says: { "property=ActiveState": active, "property=InvocationID": "a1", "property=NRestarts": "0" },
});

it("has nothing to do to start what runs", async () => {
  const { steps, notes } = await plan("start", running("active\n"));
  expect({ steps, notes }).toEqual({ steps: [], notes: ["web.service runs already."] });
  expect((await plan("start", running("failed\n"))).steps).toHaveLength(2);
});

it("starts a project of which one container has ended, though that may have done its work", async () => {
  const project = (states: string): Scene => ({
    inventory: "hosts: { vps1: {} }\nservices: { web: { home: vps1, runs: { compose: web } } }",
    main: { kind: "project", backend: "docker", name: "web" },
    says: { "compose version": "2.30.0", "docker ps": states },
  });
  expect((await plan("start", project("running Up 2 days\nrunning Up 2 days (healthy)\n"))).steps).toEqual(
    [],
  );
  expect(
    (await plan("start", project("running Up 2 days\nexited Exited (0) 2 days ago\n"))).steps,
  ).toHaveLength(2);
});

it("watches what was restarted by itself for longer than it may live", async () => {
  const loops = { health: "failed", details: { restarts: 3 } };
  const well = (found: Awaited<ReturnType<typeof plan>>) =>
    found.steps.flatMap((step) => (step.kind === "wait" ? [step.steadyMs] : []));
  expect(well(await plan("restart", running("active\n", loops)))).toEqual([30_000]);
  expect(well(await plan("restart", running("active\n")))).toEqual([3_000]);
});
