import { expect, it } from "vitest";
import { toShellArgv } from "../../src/transport/ssh-arguments.ts";
import { inventoryOf } from "../inventory-of.ts";

it.each([
  ["plain", "ssh -- plain"],
  ["pi", "ssh -p 2222 -l admin -- 10.0.0.9"],
  ["behind", "ssh -J root@192.0.2.1:2200,admin@10.0.0.9:2222 -- behind"],
  ["far", "ssh -J bastion.example.org -- far"],
  ["six", "ssh -J [2001:db8::1]:22 -- six"],
  ["here", "/bin/zsh"],
])("a shell on %s", async (name, argv) => {
  const { hosts } = await inventoryOf(`
version: 1
hosts:
  plain: {}
  gate: { address: 192.0.2.1, user: root, port: 2200 }
  pi: { address: 10.0.0.9, user: admin, port: 2222 }
  inner: { address: 10.0.0.9, user: admin, port: 2222, jump: gate }
  behind: { jump: inner }
  far: { jump: bastion.example.org }
  v6: { address: "2001:db8::1", port: 22 }
  six: { jump: v6 }
  here: { transport: local }
`);
  const host = hosts.get(name);
  if (!host) throw new Error(`no host ${name}`);
  expect(toShellArgv(host, hosts, "/bin/zsh").join(" ")).toBe(argv);
});
