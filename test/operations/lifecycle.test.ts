import { expect, it } from "vitest";
import { backends } from "../../src/backends/registry.ts";
import { planLifecycle } from "../../src/operations/lifecycle.ts";
import { whyNot } from "../../src/operations/possible.ts";
import { toText } from "../../src/plan/text.ts";
import { groundOf, planWith, type Scene } from "./played-deploy.ts";

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
