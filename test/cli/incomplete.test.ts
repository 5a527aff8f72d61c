import { describe, expect, it } from "vitest";
import { CommandFailed, Unprivileged, UnreachableError } from "../../src/errors.ts";
import { type RecordedLab, scrap } from "./harness.ts";

const inventory = `
version: 1
hosts:
  vps1: { groups: [apps] }
  vps2: { groups: [apps] }
  old: { groups: [gone] }
services:
  web: { home: vps1, runs: { quadlet: web.container } }
`;
const refused = new UnreachableError("connect", "old (ops@10.0.20.40:22): connection refused.");
const lab: RecordedLab = {
  inventory,
  hosts: { vps1: ["vps1-healthy"], vps2: ["vps2-healthy"], old: refused },
};
const silent: RecordedLab = { ...lab, faults: { silent: ["vps2"] } };

/** One question of vps1 that is not answered as it was. */
const broken = (words: string, by: Error | "hangs"): RecordedLab => ({
  ...lab,
  faults: { answers: { vps1: (shell) => (shell.includes(words) ? by : undefined) } },
});
const dead = new CommandFailed("vps1: docker ps: exit 1: Cannot connect to the Docker daemon.");
const forbidden = new Unprivileged("vps1 does not let us run this as root: docker ps");

describe("a host that does not answer in time", () => {
  it.each([
    [["status", "vps2"], "vps2  ✖ unreachable: not answered within 0.3 s"],
    [["doctor", "vps2"], "timeout: not answered within 0.3 s"],
    [["get", "hosts", "vps2"], "unreachable"],
  ])("%j says so and ends with 3", async (argv, words) => {
    const { exitCode, stdout } = await scrap(silent, "--timeout", "0.3", ...argv);
    expect(stdout).toContain(words);
    expect(stdout).not.toContain("connecting");
    expect(exitCode).toBe(3);
  });

  it("is named on stderr by what lists something else", async () => {
    const run = await scrap(silent, "--timeout", "0.3", "get", "units", "--host", "apps", "-o", "name");
    expect(run.stderr).toContain("vps2 could not be asked: not answered within 0.3 s");
    expect(run.stdout).toContain("vps1/systemd/unit/web.service");
    expect(run.exitCode).toBe(3);
  });

  it.each([
    ["logs", "nothing", "--host", "apps"],
    ["describe", "unit", "nothing", "--host", "apps"],
    ["get", "unit", "nothing", "--host", "apps"],
    ["doctor", "--sudoers", "read", "vps2"],
  ])("%s %s may be there: no usage error but 3", async (...argv) => {
    const { exitCode, stderr } = await scrap(silent, "--timeout", "0.3", ...argv);
    expect(stderr).toMatch(/vps2.*not answered within 0\.3 s/);
    expect(exitCode).toBe(3);
  });

  it("may be where a service runs that is not seen elsewhere", async () => {
    const moved = {
      ...silent,
      inventory: inventory.replace(
        "web.container }",
        "nothing.container }, failover: { policy: manual, to: [vps2] }",
      ),
    };
    const run = await scrap(moved, "--timeout", "0.3", "describe", "service", "web", "--host", "apps");
    expect(run.stdout).toMatch(/Health: +\? unknown/);
    expect(run.exitCode).toBe(3);
  });

  it("counts a single question that hangs as unknown, and names it", async () => {
    const run = await scrap(broken("docker ps", "hangs"), "--timeout", "0.5", "status", "vps1");
    expect(run.stdout).toContain("not answered within 0.5 s: docker.containers");
    expect(run.exitCode).toBe(1);
  });
});

describe("a host that refuses the connection", () => {
  it("is named once, and ends doctor and its fragment with 3", async () => {
    expect(await scrap(lab, "doctor", "--sudoers", "read", "old")).toMatchObject({ exitCode: 3, stdout: "" });
    const { exitCode, stdout } = await scrap(lab, "status", "old");
    expect(stdout).toContain("✖ unreachable: ops@10.0.20.40:22: connection refused.");
    expect(stdout).toMatch(/^✖ old {2}ops@10.0.20.40:22: connection refused\.$/m);
    expect(exitCode).toBe(3);
  });
});

describe("a question that fails", () => {
  it("is no empty list", async () => {
    const run = await scrap(broken("docker ps", dead), "get", "projects", "--host", "vps1");
    expect(run.stdout).toBe("No project was seen.");
    expect(run.stderr).toContain(
      "vps1 could not tell docker's containers and Compose projects: docker ps: exit 1",
    );
    expect(run.exitCode).toBe(1);
  });

  it("leaves what others tell, which is not all: 1", async () => {
    const run = await scrap(broken("docker ps", dead), "get", "containers", "--host", "vps1", "-o", "name");
    expect(run.stdout).toContain("vps1/podman/container/web");
    expect(run.exitCode).toBe(1);
  });

  it("makes a name that nobody has unknown, not wrong", async () => {
    const run = await scrap(broken("docker ps", dead), "describe", "project", "chat", "--host", "vps1");
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("could not tell docker's containers");
    expect((await scrap(broken("docker ps", dead), "doctor", "vps1")).stdout).toMatch(
      /failed .*docker ps: exit 1/,
    );
  });

  it("is said as a missing permission where it is one", async () => {
    const run = await scrap(broken("docker ps", forbidden), "get", "projects", "--host", "vps1");
    expect(run.stderr).toContain(
      "vps1 does not show without root: docker's containers and Compose projects. See: scrap doctor vps1",
    );
    expect(run.exitCode).toBe(1);
  });

  it("of another kind does not matter", async () => {
    const run = await scrap(broken("docker ps", dead), "get", "filesystems", "--host", "vps1");
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("an interruption", () => {
  it.each([["logs", "web"], ["get", "units"], ["status"], ["describe", "service", "web"]])(
    "of %s ends with 130 and tells nothing that is not so",
    async (...argv) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort("SIGINT"), 50);
      const run = await scrap({ ...silent, interrupted: controller.signal }, ...argv);
      expect(run).toEqual({ exitCode: 130, stdout: "", stderr: "" });
    },
  );

  it("of --watch ends with 130; q ends as the hosts are", async () => {
    const watched = (end: "left" | "interrupted") => ({
      ...lab,
      isTTY: true,
      watchLines: () => Promise.resolve(end),
    });
    expect((await scrap(watched("interrupted"), "status", "-w", "-n", "1", "vps1")).exitCode).toBe(130);
    expect((await scrap(watched("left"), "status", "-w", "-n", "1", "vps1")).exitCode).toBe(1);
  });
});

describe("bare scrap", () => {
  const watched = { ...lab, isTTY: true, cockpit: () => Promise.resolve(130) };

  it("is the cockpit at a terminal, and prints once elsewhere", async () => {
    expect(await scrap(watched)).toMatchObject({ exitCode: 130, stdout: "" });
    expect((await scrap({ ...watched, isTTY: false })).stdout).toContain("HOST");
  });

  it("prints a document once, wherever it is", async () => {
    expect(JSON.parse((await scrap(watched, "--json")).stdout)).toHaveProperty("version", 1);
  });
});
