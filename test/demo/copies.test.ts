import { beforeEach, expect, it } from "vitest";
import { askHost, type Changing, changeIt, type RunningDemo, startStill } from "./harness.ts";

let demo: RunningDemo;
let changing: Changing;

beforeEach(async () => {
  demo = await startStill({ story: "calm" });
  changing = changeIt(demo);
});

const patience = { timeout: 60_000 };

interface Listed {
  readonly service: string;
  readonly id: string;
  readonly kind: string;
  readonly proof?: { readonly how: string };
}

async function listed(service: string): Promise<readonly Listed[]> {
  const { stdout } = await changing.scrap("backups", service, "--json");
  return JSON.parse(stdout).backups;
}

it("lists what the repository has, each young enough", async () => {
  expect((await changing.scrap("backups")).exitCode).toBe(0);
  for (const service of ["files", "recipes", "mail"]) expect(await listed(service)).toHaveLength(6);
});

it.each(["files", "mail"])("backs %s up, which is listed then", patience, async (name) => {
  const before = await listed(name);
  expect(await changing.run({ verb: "backup", name })).toBe("done");
  expect(await listed(name)).toHaveLength(before.length + 1);
});

it("tries a backup: restores it beside, starts it apart, and throws it away", patience, async () => {
  const [copy] = await listed("recipes");
  const request = { verb: "restore", name: "recipes", from: copy?.id ?? "", drill: true } as const;
  expect(await changing.run(request)).toBe("done");
  expect((await listed("recipes"))[0]).toMatchObject({ id: copy?.id, proof: { how: "well" } });
  const { resources } = await demo.homelab();
  expect(resources.filter(({ name }) => /drill|restore/.test(name))).toEqual([]);
});

it("restores a backup, and keeps what was there", patience, async () => {
  const [copy] = await listed("recipes");
  expect(await changing.run({ verb: "restore", name: "recipes", from: copy?.id ?? "" })).toBe("done");
  expect(await demo.scrap("status")).toMatchObject({ exitCode: 0 });
  expect(await askHost(demo, "nas", "zfs", "list", "-H", "-o", "name,mounted")).toMatch(
    /^tank\/recipes_before_\S+\tno\ntank\/recipes\tyes$/m,
  );
});

it("verifies the repository, and remembers that", patience, async () => {
  expect((await changing.scrap("backups")).stdout).toContain("never");
  expect(await changing.run({ verb: "verify", name: "offsite" })).toBe("done");
  expect((await changing.scrap("backups")).stdout).not.toContain("never");
});
