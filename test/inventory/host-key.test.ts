import { expect, test } from "vitest";
import { complaint, load } from "./files.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINCxpqZaiJFyHQQL7PZ8xxzBT0+xWBFxCVkZj0uwPHzp";

const inventory = (hostKey: string) =>
  `version: 1\nhosts: { nas: { hostKey: ${JSON.stringify(hostKey)} } }\n`;

test("a host key is what known_hosts needs of its file", async () => {
  const { hosts } = await load(inventory(`${key} root@nas, the one in the closet`));
  expect(hosts.get("nas")?.hostKey).toBe(key);
});

test.each([
  ["half a key", key.slice(0, -4)],
  ["a fingerprint", "SHA256:cl4hPcjxJSE9r+HWb3mmSvg5GN5x+U98hf0TnqPQIEo"],
  ["a key of another type than it says", key.replace("ssh-ed25519", "ssh-rsa")],
  ["a file", "/etc/ssh/ssh_host_ed25519_key.pub"],
  ["a line of known_hosts", `nas ${key}`],
  ["a certificate authority", `@cert-authority * ${key}`],
  ["two lines", `${key}\n${key}`],
  ["what would be words of ssh", `${key.slice(0, -4)} -o x`],
])("%s is none", async (_, hostKey) => {
  expect(await complaint(load(inventory(hostKey)))).toMatch(
    /^inventory\.yaml:2:26: hosts\.nas\.hostKey: expected a public host key such as `ssh-ed25519 AAAA…`, whole and on one line/,
  );
});
