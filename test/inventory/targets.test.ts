import { expect, test } from "vitest";
import { UsageError } from "../../src/errors.ts";
import { loadYaml } from "../../src/inventory/load-yaml.ts";
import { nobody } from "../../src/inventory/membership.ts";
import { selectHosts } from "../../src/inventory/targets.ts";

const load = () =>
  loadYaml(
    {
      file: "/lab/inventory.yaml",
      home: "/home/ops",
      text: `version: 1
hosts:
  vps1: { groups: [apps], zone: closet }
  vps2: { groups: [apps], zone: shed }
  nas: { groups: [storage], zone: closet }
  edge: { zone: shed }
  pi: { groups: [edge], zone: shed }
`,
    },
    () => Promise.resolve({ ...nobody, issues: [] }),
  );

test.each([
  ["", "vps1 vps2 nas edge pi"],
  ["all", "vps1 vps2 nas edge pi"],
  ["nas vps1", "vps1 nas"],
  ["apps", "vps1 vps2"],
  ["edge", "edge pi"],
  ["zone:closet", "vps1 nas"],
  ["vps*", "vps1 vps2"],
  ["?as", "nas"],
  ["stor*", "nas"],
  ["all !apps", "nas edge pi"],
  ["!zone:shed", "vps1 nas"],
  ["apps !*2 nas", "vps1 nas"],
])("%j means %j", async (words, hosts) => {
  const selected = selectHosts(await load(), words.split(" ").filter(Boolean));
  expect(selected.map(({ name }) => name).join(" ")).toBe(hosts);
});

test("says that words leave nobody", async () => {
  const inventory = await load();
  expect(() => selectHosts(inventory, ["nas", "!nas"])).toThrow("nas !nas leaves no host");
});

test.each(["vsp1", "stroage", "zone:closte", "x*", "!vps3", "zone:*", "\u001b[31m", "", "nas*nas*nas*"])(
  "%j means nothing, and that is told",
  async (word) => {
    const inventory = await load();
    const act = () => selectHosts(inventory, [word]);
    expect(act).toThrow(UsageError);
    expect(act).toThrowErrorMatchingSnapshot();
  },
);
