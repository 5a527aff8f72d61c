import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Inventory } from "../../src/inventory/inventory.ts";
import { loadInventory, type RunProgram } from "../../src/inventory/load.ts";
import { complaint, folderWith, load } from "./files.ts";

const ini = `# comment
; another
lonely ansible_host=10.0.0.9
[web]
web[01:03].lan ansible_port=2201 ansible_user="deploy"   # said here
"quoted" ansible_host='10.0.0.5'
db-[a:c]
step[1:5:2]
other:2222
[::1]:2022 ansible_user=six

[db]
db-a ansible_ssh_private_key_file=keys/db ansible_become=no
db-b ansible_become_method=doas
gone ansible_host="{{ secret }}"
win ansible_connection=winrm
here ansible_connection=local
only

[all:vars]
ansible_user=everybody
ansible_port=22

[web:vars]
ansible_ssh_common_args='-o ProxyJump=alice@bastion:2222 -o ControlMaster=auto -o StrictHostKeyChecking=no'
note = a b c # no comment

[site:children]
web
db
[site:vars]
ansible_become=yes
ansible_port = 2022
[db:vars]
ansible_ssh_common_args=-o ProxyCommand="ssh -W %h:%p -q -p 2200 gate"
`;

const yaml = `all:
  vars: { ansible_user: everybody }
  hosts:
    lonely: { ansible_host: 10.0.0.9 }
    nothing:
  children:
    web:
      hosts:
        web[1:2]: { ansible_port: "2201" }
      vars: &jump
        ansible_ssh_common_args: -J bastion
      children:
        inner: { hosts: { deep: {} }, vars: { ansible_user: inner } }
    db:
      vars: { <<: *jump, ansible_become_method: doas }
      hosts:
        db1:
          ansible_become_password: !vault |
            $ANSIBLE_VAULT;1.1;AES256
            3331
          ansible_user: !unsafe ops
`;

/** What of an inventory both ways of reading it must agree in. */
function summary({ hosts, groups }: Inventory) {
  return {
    hosts: Object.fromEntries([...hosts].sort().map(([name, { groups: _, ...host }]) => [name, host])),
    groups: Object.fromEntries([...groups].sort().map(([name, members]) => [name, [...members].sort()])),
  };
}

const read = (name: string, text: string, run?: RunProgram) => {
  const folder = folderWith({ [name]: text });
  return loadInventory({ file: join(folder, name), env: process.env, home: folder, run });
};

test("INI: ranges, children, variables of groups, the nearest wins", async () => {
  const inventory = await read("hosts.ini", ini);
  const { hosts, groups } = summary(inventory);
  expect(Object.keys(hosts)).toEqual(
    "db-a db-b db-c here lonely only other quoted step1 step3 step5 web01.lan web02.lan web03.lan gone"
      .split(" ")
      .sort(),
  );
  expect(hosts).toMatchObject({
    "web01.lan": { port: 2201, user: "deploy", jump: "alice@bastion:2222", become: "sudo" },
    quoted: { address: "10.0.0.5", user: "everybody", port: 2022 },
    other: { port: 2222 },
    "db-a": {
      become: "none",
      jump: "alice@bastion:2222",
      identityFile: expect.stringMatching(/\/keys\/db$/),
    },
    "db-b": { become: "doas" },
    here: { transport: "local" },
    only: { jump: "gate:2200" },
    lonely: { port: 22, address: "10.0.0.9" },
  });
  expect(hosts["gone"]).not.toHaveProperty("address");
  expect(groups["site"]).toEqual(expect.arrayContaining(["web01.lan", "db-a"]));
  expect(inventory.hosts.get("db-a")?.groups).toEqual(["web", "db", "site"]);
});

test("INI: what was left out is told", async () => {
  const { warnings } = await read("hosts.ini", ini);
  expect(warnings.map((warning) => warning.replace(/^\S+: /, "")).sort()).toMatchInlineSnapshot(`
    [
      "::1: left out: not a name here",
      "gone: ansible_host is "{{ secret }}" and was left out",
      "web01.lan, web02.lan, web03.lan and 8 more: "-o StrictHostKeyChecking=no" was left out",
      "win: left out, because it is not reached by SSH (ansible_connection "winrm")",
    ]
  `);
});

test("YAML: nothing encrypted is taken, merge keys are", async () => {
  const inventory = await read("hosts.yml", yaml);
  expect(summary(inventory)).toMatchInlineSnapshot(`
    {
      "groups": {
        "db": [
          "db1",
        ],
        "inner": [
          "deep",
        ],
        "web": [
          "deep",
          "web1",
          "web2",
        ],
      },
      "hosts": {
        "db1": {
          "become": "doas",
          "jump": "bastion",
          "name": "db1",
          "protected": false,
          "user": "ops",
        },
        "deep": {
          "become": "sudo",
          "jump": "bastion",
          "name": "deep",
          "protected": false,
          "user": "inner",
        },
        "lonely": {
          "address": "10.0.0.9",
          "become": "sudo",
          "name": "lonely",
          "protected": false,
          "user": "everybody",
        },
        "nothing": {
          "become": "sudo",
          "name": "nothing",
          "protected": false,
          "user": "everybody",
        },
        "web1": {
          "become": "sudo",
          "jump": "bastion",
          "name": "web1",
          "port": 2201,
          "protected": false,
          "user": "everybody",
        },
        "web2": {
          "become": "sudo",
          "jump": "bastion",
          "name": "web2",
          "port": 2201,
          "protected": false,
          "user": "everybody",
        },
      },
    }
  `);
  expect(inventory.warnings.map((warning) => warning.replace(/^\S+: /, ""))).toMatchInlineSnapshot(`
    [
      "all.children.db.hosts.db1.ansible_become_password is encrypted and was left out",
    ]
  `);
});

test("lines that are not Ansible's are told with their place", async () => {
  const text = "[web\nweb1 user\n[web:hats]\n[a:vars]\nx\n[b]\nh user='open\n";
  expect(await complaint(read("hosts.ini", text))).toMatchInlineSnapshot(`
    "hosts.ini:1:1: a bracket is not closed
    hosts.ini:2:1: expected name=value after the host (found "user")
    hosts.ini:3:1: expected a group, or :children or :vars of one (found "[web:hats]")
    hosts.ini:5:1: expected name=value (found "x")
    hosts.ini:7:1: a quotation mark is not closed"
  `);
  expect(await complaint(read("hosts.yml", "all: { hosts: [a, b] }\n"))).toMatchInlineSnapshot(
    `"hosts.yml:1:15: all.hosts: expected fields (found a list)"`,
  );
});

test("a file without a name that tells is read as what it looks like", async () => {
  expect([...(await read("hosts", "[services]\na\n")).hosts.keys()]).toEqual(["a"]);
  expect([...(await read("hosts", "services:\n  hosts:\n    b:\n")).hosts.keys()]).toEqual(["b"]);
  expect([...(await read("hosts", "version: 1\nhosts:\n  c:\n")).hosts.keys()]).toEqual(["c"]);
  expect(await complaint(read("hosts.yaml", "hosts:\n  d: {}\n"))).toContain("version: is missing");
});

test("a range does not fill the memory", async () => {
  const { hosts } = await read("hosts.ini", "[a]\nh[1:999999999]\n");
  expect(hosts.size).toBeLessThanOrEqual(10_001);
});

test("our own inventory goes over what Ansible's says, and groups come together", async () => {
  const { hosts, groups, sources } = await load(
    `version: 1
defaults: { user: ops }
include: { ansible: hosts.ini }
hosts:
  db-a: { groups: [mine], port: 7 }
services:
  web: { home: web01.lan, runs: { unit: nginx.service } }
environments:
  production: { groups: [site] }
`,
    { "hosts.ini": ini },
  );
  expect(hosts.get("db-a")).toMatchObject({
    port: 7,
    jump: "alice@bastion:2222",
    groups: ["mine", "web", "db", "site"],
  });
  expect(hosts.get("web01.lan")?.user).toBe("deploy");
  expect(groups.get("mine")).toEqual(["db-a"]);
  expect(sources.get("db-a")).toMatchObject({ kind: "inventory", line: 5 });
  expect(sources.get("web01.lan")).toMatchObject({ kind: "ansible" });
});

test("an Ansible inventory that is not there is told at its place", async () => {
  const text =
    "version: 1\ninclude:\n  ansible: [a.ini]\nhosts: {}\nservices: { w: { home: x, runs: { pod: w } } }\n";
  expect(await complaint(load(text))).toMatchInlineSnapshot(
    `"inventory.yaml:3:13: include.ansible[0]: a.ini: cannot be read (ENOENT)"`,
  );
});

test("programs and directories are never run or read by us", async () => {
  const folder = folderWith({ script: "#!/bin/sh\ntouch ran\n", "dir/hosts": "a\n" });
  execFileSync("chmod", ["700", join(folder, "script")]);
  const options = { env: {}, home: folder };
  expect(await complaint(loadInventory({ file: join(folder, "script"), ...options }))).toMatchInlineSnapshot(
    `"script: a program, which only ansible-inventory can read: it is not installed"`,
  );
  expect(await complaint(loadInventory({ file: join(folder, "dir"), ...options }))).toMatchInlineSnapshot(
    `"dir: a directory, which only ansible-inventory can read: it is not installed"`,
  );
});

const isInstalled = (process.env["PATH"] ?? "")
  .split(":")
  .some((folder) => existsSync(join(folder, "ansible-inventory")));

describe.skipIf(!isInstalled)(
  isInstalled ? "beside ansible-inventory" : "needs ansible-inventory (package ansible-core)",
  () => {
    const run: RunProgram = async ([program, ...args]) => {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: "/" });
      return { exitCode: status ?? 1, stdout, stderr };
    };

    test.each([
      ["hosts.ini", ini],
      ["hosts.yml", yaml],
    ])("%s is read the same", async (name, text) => {
      const folder = folderWith({ [name]: text });
      const options = { file: join(folder, name), env: process.env, home: folder };
      const theirs = await loadInventory({ ...options, run });
      expect(theirs.warnings.join()).not.toContain("read without");
      expect(summary(await loadInventory(options))).toEqual(summary(theirs));
    });

    test("group_vars, programs and directories are read through it", async () => {
      const folder = folderWith({
        "dir/hosts": "[web]\na\nb\n",
        "dir/group_vars/web.yml": "ansible_user: fromvars\n",
        script: `#!/bin/sh\necho '{"web": {"hosts": ["c"]}, "_meta": {"hostvars": {"c": {"ansible_host": "10.1.1.1"}}}}'\n`,
      });
      execFileSync("chmod", ["700", join(folder, "script")]);
      const options = { env: process.env, home: folder, run };
      const directory = await loadInventory({ ...options, file: join(folder, "dir") });
      expect(directory.hosts.get("b")?.user).toBe("fromvars");
      const script = await loadInventory({ ...options, file: join(folder, "script") });
      expect(script.hosts.get("c")?.address).toBe("10.1.1.1");
    });

    test("a configuration in the current directory is not taken", async () => {
      const folder = folderWith({
        "ansible.cfg": "[defaults]\ninventory_plugins = evil\nnonsense",
        "h.ini": "a\n",
      });
      const there: RunProgram = async ([program, ...args]) => {
        const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: folder });
        return { exitCode: status ?? 1, stdout, stderr };
      };
      const { hosts, warnings } = await loadInventory({
        file: join(folder, "h.ini"),
        env: process.env,
        home: folder,
        run: there,
      });
      expect([...hosts.keys()]).toEqual(["a"]);
      expect(warnings).toEqual([]);
    });
  },
);
