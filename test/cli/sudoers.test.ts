import { expect, it } from "vitest";
import { scrap } from "./harness.ts";

const found: Readonly<Record<string, string>> = {
  timeout: "/usr/bin/timeout",
  podman: "/usr/bin/podman",
  docker: "/home/ops/bin/docker",
  btrfs: "/run/current-system/sw/bin/btrfs",
};

/** The fragment of a host whose `timeout` does what we want, or not. */
async function fragment(timeout: 0 | 125): Promise<string> {
  const answer = (shell: string) => {
    if (shell.includes("timeout -k 1 1 true")) return { exitCode: timeout, stdout: "", stderr: "" };
    if (!/^scrap_look .*\btimeout\b/.test(shell)) return undefined;
    const stdout = Object.entries(found).map(([name, path]) => `+${name} ${path}\n`);
    return { exitCode: 0, stdout: stdout.join(""), stderr: "" };
  };
  const lab = {
    inventory: "version: 1\nhosts: { vps1: {} }\n",
    hosts: { vps1: ["vps1-healthy"] },
    faults: { answers: { vps1: answer } },
  };
  const { exitCode, stdout } = await scrap(lab, "doctor", "--sudoers", "read", "vps1");
  expect(exitCode).toBe(0);
  return stdout;
}
const rulesOf = (text: string) => text.split("\n").filter((line) => /^\w+ ALL=/.test(line));

it("allows the exact commands that are sent, and nothing that matches more", async () => {
  const text = await fragment(0);
  expect(rulesOf(text)).toContainEqual(
    expect.stringMatching(/^root ALL=\(root\) NOPASSWD: \/usr\/bin\/timeout -k 2 10 docker ps --all /),
  );
  expect(rulesOf(text).every((rule) => rule.includes("NOPASSWD: /usr/bin/timeout -k 2 "))).toBe(true);
  expect(rulesOf(text).join("\n").replaceAll(/\\./g, "")).not.toMatch(/[*?[]/);
});

it("lets nobody put a program of theirs in the place of one", async () => {
  const text = await fragment(0);
  expect(text).toContain(
    'Defaults!/usr/bin/timeout secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin"',
  );
  expect(text).not.toContain("/home/ops");
});

it("words them as they are sent to a host without a timeout that has -k", async () => {
  const text = await fragment(125);
  expect(rulesOf(text)).toContainEqual(expect.stringMatching(/NOPASSWD: \/usr\/bin\/podman ps --all /));
  expect(rulesOf(text)).toContainEqual(expect.stringMatching(/: \/run\/current-system\/sw\/bin\/btrfs /));
  expect(text).toMatch(/^Defaults!.*\/usr\/bin\/podman.* secure_path=/m);
  expect(text).not.toMatch(/timeout -k|\/home\/ops/);
});

it("says which of them grow stale", async () => {
  const text = await fragment(0);
  expect(rulesOf(text).some((rule) => / inspect .*[0-9a-f]{64}/.test(rule))).toBe(true);
  expect(text).toContain("# Those that name containers by id hold until a container is made anew.");
});
