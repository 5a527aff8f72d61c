import { beforeAll, describe, expect, it } from "vitest";
import { away, inventoryFor, type Report, type Run, scrap } from "./scrap.ts";
import { tryOnHost } from "./ssh-access.ts";

const seen = ({ stdout }: Run) => JSON.parse(stdout) as Report;

describe.each(["root", "ops", "pw", "fishy", "doas", "dpw"])("as %s", (user) => {
  let inventory = "";
  beforeAll(() => {
    inventory = inventoryFor(user);
  });

  it("sees everything of a healthy lab, and nothing wrong", async () => {
    const run = await scrap(["status", "--json"], inventory);
    expect(seen(run).hosts.flatMap(({ problems }) => problems)).toEqual([]);
    expect(seen(run).hosts.flatMap(({ unseen }) => unseen)).toEqual([]);
    expect(run.stdout).not.toContain("lab-pass");
    expect(run.exitCode).toBe(0);
  });
});

it.each(["doas", "dpw"])(
  "carries out an operation as %s: locks, jobs, and what is asked meanwhile",
  async (user) => {
    const run = await scrap(["restart", "web", "--yes"], inventoryFor(user));
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Restart web on vps1: done.") });
    expect((await tryOnHost("vps1", "grep -h restart-web /var/lib/scrap/lock")).out).toBe("");
  },
);

describe("as guest, without any way to be root", () => {
  it("sees what a plain user can, and lists the rest with its fix", async () => {
    const run = await scrap(["status", "--json", "vps1"], inventoryFor("guest"));
    const [host] = seen(run).hosts;
    expect(host?.facts.memoryBytes).toBeGreaterThan(0);
    expect(host?.problems.filter(({ severity }) => severity === "failed")).toEqual([]);
    expect(host?.unseen.map(({ what }) => what)).toContainEqual(expect.stringMatching(/podman/i));
    expect(host?.unseen.every(({ why, fix }) => why !== "" && fix.startsWith("scrap doctor"))).toBe(true);
  });

  it("prints a fragment of exact commands that sudo accepts", async () => {
    const { stdout, exitCode } = await scrap(["doctor", "--sudoers", "read", "vps1"], inventoryFor("guest"));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^guest ALL=\(root\) NOPASSWD: \/usr\/bin\/timeout -k 2 10 podman /m);
    expect(stdout.replaceAll(/\\./g, "")).not.toMatch(/^guest .*[*?[]/m);
  });
});

/** A host that has some of each. */
const hostWith = {
  host: "vps1",
  service: "vps1",
  unit: "vps1",
  timer: "vps1",
  container: "vps1",
  pod: "vps1",
  project: "vps1",
  filesystem: "vps1",
  pool: "nas",
  disk: "nas",
  ups: "nas",
  array: "store",
};

describe("the faces", () => {
  it.for(Object.entries(hostWith))("gets %s in every form", async ([kind, host], context) => {
    if (away.includes(host)) context.skip("needs the VM: npm run lab up, without --no-vm");
    const [table, names, document] = await Promise.all([
      scrap(["get", kind, "--host", host]),
      scrap(["get", `${kind}s`, "--host", host, "-o", "name"]),
      scrap(["get", kind, "--host", host, "--json"]),
    ]);
    expect(table).toMatchObject({ exitCode: 0, stderr: "" });
    expect(table.stdout).toMatch(/^(HOST|NAME) /);
    const count = names.stdout.trim().split("\n").length;
    const json = seen(document);
    expect(json.version).toBe(1);
    expect(kind === "host" ? json.hosts.length : json.resources.length).toBe(count);
    expect(table.stdout.split("\n").length).toBe(count + 2);
  });

  it("joins disk, array, file system and service", async () => {
    const { stdout, exitCode, stderr } = await scrap(["describe", "service", "mail", "--host", "vps1"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/filesystem\/\/data/);
    expect(stdout).toMatch(/btrfs\/pool/);
  });

  it("lists the candidates of a name that several have", async () => {
    const { exitCode, stderr } = await scrap(["describe", "filesystem", "/", "--host", "vps1,nas"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("vps1/filesystem/filesystem//");
  });

  it("prints the log of a service", async () => {
    const { exitCode, stdout } = await scrap(["logs", "web", "--since", "7d", "--host", "vps1"]);
    expect(exitCode).toBe(0);
    expect(stdout).not.toBe("");
  });

  it("examines every host", async () => {
    const { stdout } = await scrap(["doctor", "vps1", "pi"]);
    for (const word of ["ssh2", "SHA256:", "sudo", "podman", "systemd"]) expect(stdout).toContain(word);
  });
});
