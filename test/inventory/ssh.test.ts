import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadInventory } from "../../src/inventory/load.ts";
import { complaint, folderWith } from "./files.ts";

const config = `# mine
Include conf.d/*.conf "other file"
Host nas backup !nas *.lan web?
  HostName 10.0.0.1
HOST=pi
  User ops
Match host foo
  User git
host "quoted" # comment
Host github.com
  IdentityFile ~/.ssh/id
  User git
Host bad/name -dash
Host *
  User git
`;

const files = {
  ".ssh/config": config,
  ".ssh/conf.d/a.conf": "Host from-a nas\n",
  ".ssh/conf.d/.hidden.conf": "Host hidden\n",
  ".ssh/conf.d/b.txt": "Host not-included\n",
  ".ssh/other file": "Host other\n  Include ~/.ssh/conf.d/a.conf\n",
};

const inventory = (rest: string) => `version: 1\ndefaults: { user: ops, port: 2222, become: doas }\n${rest}`;

test("names without patterns are hosts, Include is followed, forges are left out", async () => {
  const home = folderWith({ ...files, "i.yaml": inventory("include: { ssh: true }\n") });
  const { hosts, warnings, sources } = await loadInventory({ file: join(home, "i.yaml"), env: {}, home });
  expect([...hosts.keys()]).toEqual(["nas", "backup", "pi", "quoted", "from-a", "other"]);
  expect(warnings.map((warning) => warning.replace(/^\S*\.ssh/, ""))).toMatchInlineSnapshot(`
    [
      "/config:10: "github.com" was left out: its user is git",
      "/config:13: "bad/name" was left out: not a name here",
      "/config:13: "-dash" was left out: not a name here",
    ]
  `);
  expect(sources.get("pi")).toEqual({ kind: "ssh", file: join(home, ".ssh/config"), line: 5 });
});

test("OpenSSH's configuration decides how to log in to them, our defaults how to become root", async () => {
  const home = folderWith({
    ...files,
    "i.yaml": inventory("include: { ssh: true }\nhosts: { pi: { zone: shed } }\n"),
  });
  const { hosts } = await loadInventory({ file: join(home, "i.yaml"), env: {}, home });
  expect(hosts.get("nas")).toEqual({ name: "nas", groups: [], become: "doas", protected: false });
  expect(hosts.get("pi")).toMatchObject({ zone: "shed", user: "ops", port: 2222 });
});

test("another file is what ssh -F is for its hosts", async () => {
  const home = folderWith({ "lab.conf": "Host lab1\n", "i.yaml": inventory("include: { ssh: lab.conf }\n") });
  const { hosts } = await loadInventory({ file: join(home, "i.yaml"), env: {}, home });
  expect(hosts.get("lab1")?.sshConfig).toBe(join(home, "lab.conf"));
});

test("a file that is not there is told at its place, one that includes itself ends", async () => {
  const home = folderWith({ "i.yaml": inventory("include: { ssh: true }\n") });
  expect(await complaint(loadInventory({ file: join(home, "i.yaml"), env: {}, home }))).toMatchInlineSnapshot(
    `"i.yaml:3:17: include.ssh: .ssh/config: cannot be read (ENOENT)"`,
  );
  const circle = folderWith({
    ".ssh/config": "Include config again\nHost a\n",
    "i.yaml": inventory("include: { ssh: true }\n"),
  });
  symlinkSync("config", join(circle, ".ssh/again"));
  const { hosts } = await loadInventory({ file: join(circle, "i.yaml"), env: {}, home: circle });
  expect([...hosts.keys()]).toEqual(["a"]);
});
