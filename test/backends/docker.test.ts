import { describe, expect, it } from "vitest";
import type { ResourceOf } from "../../src/backends/resource.ts";
import { docker } from "../../src/backends/workload/docker/index.ts";
import { parseLook } from "../../src/command/answers.ts";
import { toShell } from "../../src/command/command.ts";
import { interview, problemsOf, type Says } from "./seen.ts";

const plugin = "+docker /usr/bin/docker\n/run/docker.sock\n/usr/libexec/docker/cli-plugins/docker-compose\n";
const hash = (digit: string) => digit.repeat(64);

/** A line of `docker ps` and one of `docker inspect`, in the fields that we ask for. */
const container = (name: string, more: Readonly<Record<string, unknown>> = {}) => {
  const both = {
    id: Buffer.from(name.padEnd(32, "x")).toString("hex"),
    ...{ names: name, image: "web:1", state: "running", status: "Up 3 hours", ports: "" },
    ...{ project: "", service: "", oneOff: "", hash: "", files: "", folder: "", environmentFile: "" },
    ...{ imageId: "sha256:1", health: "", exitCode: 0, outOfMemory: false, error: "", createdAt: "" },
    ...{ startedAt: "", endedAt: "2026-11-20T19:40:00Z", restarts: 0, policy: "no", mounts: [null] },
    ...more,
  };
  return JSON.stringify(both);
};

const host = (containers: readonly string[], more: Says = []): Says => [
  ...more,
  ["(found)", plugin],
  ["docker --version", "Docker version 26.1.5+dfsg1, build a72d7cd\n"],
  ["docker ps", containers.join("\n")],
  ["docker inspect", containers.join("\n")],
  ["scrap_look", "/srv/chat/compose.yaml\n"],
];

const chat = (service: string, more: object = {}) =>
  container(`chat-${service}-1`, {
    ...{ project: "chat", service, oneOff: "False", hash: hash("a"), policy: "unless-stopped" },
    ...{ files: "/srv/chat/compose.yaml", folder: "/srv/chat" },
    ...more,
  });

const problems = (containers: readonly string[], more: Says = []) =>
  problemsOf(docker, interview(docker, host(containers, more)).seen);

const wants = (...services: readonly string[]): Says => [
  ["docker compose", services.map((service) => `${service} ${hash("a")}\n`).join("")],
];

describe("where docker is in use", () => {
  const detect = (look: string) => docker.detect(parseLook(look));
  it("needs a daemon, running or enabled", () => {
    const enabled = "/etc/systemd/system/multi-user.target.wants/docker.service\n";
    expect(detect("+docker /usr/bin/docker\n/run/docker.sock\n").present).toBe(true);
    expect(detect(`+docker /usr/bin/docker\n${enabled}`).present).toBe(true);
    expect(detect("+docker /usr/bin/docker\n/etc/rc3.d/S02docker\n").present).toBe(true);
    expect(detect("+docker /usr/bin/docker\n")).toMatchObject({
      why: expect.stringMatching(/neither enabled nor/),
    });
  });

  it("is not podman by another name", () => {
    const shim = "+docker /usr/bin/docker\n/run/docker.sock\n/usr/lib/tmpfiles.d/podman-docker.conf\n";
    expect(detect(shim).present).toBe(false);
  });
});

it("tells a daemon that is down from a host without containers", () => {
  const says: Says = [
    [
      "docker ps",
      "",
      1,
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n",
    ],
    ...host([]),
  ];
  const { seen } = interview(docker, says);
  const [list] = docker.probes(seen);
  expect(list && seen.observations.of(list)).toMatchObject({ status: "failed", error: { code: "command" } });
  expect(docker.resources(seen, seen.observations)).toEqual([]);
  expect(problems([])).toEqual([]);
});

describe("a container", () => {
  const exited = { state: "exited", status: "Exited (0) 4 minutes ago" };
  it.each([
    ["that is done", exited, []],
    [
      "that was killed",
      { ...exited, exitCode: 137 },
      [/failed: ended with exit status 137, killed by signal 9 at 2026-11-20 19:40/],
    ],
    ["without memory", { ...exited, exitCode: 137, outOfMemory: true }, [/failed: .*memory ran out/]],
    ["that never ran", { state: "created", status: "Created" }, []],
    [
      "that could not",
      { state: "created", exitCode: 127, error: "no such program" },
      [/failed: could not be started: no such program/],
    ],
    ["whose check has no result yet", { health: "starting", status: "Up 3 seconds (health: starting)" }, []],
    [
      "whose check never has one",
      { health: "starting", status: "Up 3 hours (health: starting)" },
      [/warning: .*never came to a result/],
    ],
    [
      "that restarts",
      { restarts: 12, policy: "always", status: "Up 2 seconds" },
      [/failed: restarts again and again, 12 times/],
    ],
    ["that restarted long ago", { restarts: 12, policy: "always" }, []],
    ["in a state of tomorrow", { state: "levitating" }, [/unknown: docker calls its state "levitating"/]],
  ])("%s", (_what, more, expected) => {
    expect(problems([container("web", more)])).toEqual(expected.map((words) => expect.stringMatching(words)));
  });

  it("loops when its count grew since the last round", () => {
    const seen = (restarts: number) => interview(docker, host([container("web", { restarts })])).seen;
    expect(problemsOf(docker, seen(4), seen(3).observations)[0]).toMatch(/failed: restarts again/);
    expect(problemsOf(docker, seen(1), seen(0).observations)[0]).toMatch(
      /warning: was restarted a moment ago/,
    );
  });

  it("is still told when only the list was answered", () => {
    const says = host(
      [container("web", { state: "exited", status: "Exited (3) 1 second ago" })],
      [["docker inspect", "", 124]],
    );
    expect(problemsOf(docker, interview(docker, says).seen)[0]).toMatch(/failed: ended with exit status 3/);
  });

  it("that is gone before the second question hides no other", () => {
    const [web, gone] = [container("web", { state: "exited", exitCode: 4 }), container("gone")];
    const says = host([web, gone], [["docker inspect", web, 1, "Error: No such object: 676f6e65\n"]]);
    expect(problemsOf(docker, interview(docker, says).seen)[0]).toMatch(
      /container web: failed: ended with exit status 4/,
    );
  });
});

describe("a Compose project", () => {
  it("is well when it runs as its files say", () => {
    expect(problems([chat("app"), chat("db")], wants("app", "db"))).toEqual([]);
  });

  it("tells what differs from its files", () => {
    expect(problems([chat("app", { hash: hash("b") }), chat("old")], wants("app", "cache"))).toEqual([
      "project chat: warning: app runs otherwise than its files say now",
      "project chat: warning: cache is in its files, but has no container",
      "project chat: warning: old has a container, but is not in its files any more",
    ]);
  });

  it("is compared by what its env_file says, where only that makes another hash", () => {
    const says: Says = [
      ["sh -c", `app ${hash("a")}\ndb ${hash("e")}\n`],
      ["docker compose", `app ${hash("c")}\ndb ${hash("d")}\n`],
    ];
    expect(problems([chat("app"), chat("db")], says)).toEqual([
      "project chat: warning: db runs otherwise than its files say now",
    ]);
  });

  it("does not mind a job that is done, nor a container of `compose run`", () => {
    const done = { state: "exited", status: "Exited (0) 2 hours ago" };
    const job = chat("migrate", { ...done, policy: "no" });
    const run = container("chat-app-run-1", {
      ...JSON.parse(chat("app")),
      names: "chat-app-run-1",
      id: hash("c"),
      oneOff: "True",
      hash: hash("d"),
    });
    expect(problems([chat("app"), job, run], wants("app", "migrate"))).toEqual([]);
  });

  it("minds what should be up, and is not, though nothing went wrong", () => {
    const done = { state: "exited", status: "Exited (0) 2 hours ago" };
    expect(problems([chat("app", done), chat("db")], wants("app", "db"))).toEqual([
      "project chat: warning: app is stopped",
    ]);
    expect(problems([chat("app", done), chat("db", done)], wants("app", "db"))).toHaveLength(1);
  });

  it("is not compared when its files need variables of whoever started it", () => {
    const unset =
      'time="2026-11-20T20:05:26Z" level=warning msg="The \\"TAG\\" variable is not set. Defaulting to a blank string."\n';
    const says: Says = [["docker compose", `app ${hash("b")}\n`, 0, unset]];
    const { seen } = interview(docker, host([chat("app")], says));
    const project = docker.resources(seen, seen.observations).find(({ kind }) => kind === "project");
    expect(project?.details).toMatchObject({ services: [{ name: "app", running: 1, total: 1 }] });
    expect(JSON.stringify(project?.details)).not.toContain("drifted");
  });

  it("says why it could not be compared, unless its files are not on the host at all", () => {
    const broken: Says = [["docker compose", "", 15, "yaml: line 1: did not find expected node content\n"]];
    expect(problems([chat("app")], broken)).toEqual([
      expect.stringMatching(/project chat: unknown: cannot be compared with its files: .*yaml: line 1/),
    ]);
    const gone: Says = [
      ["scrap_look", ""],
      ["docker compose", "", 14, "open /srv/chat/compose.yaml: no such file or directory\n"],
    ];
    expect(problems([chat("app")], gone)).toEqual([]);
  });

  it("asks with all its files, in its folder", () => {
    const { asked } = interview(
      docker,
      host(
        [chat("app", { files: "/srv/chat/a.yaml,/srv/chat/b b.yaml", environmentFile: "/srv/chat/.env" })],
        wants("app"),
      ),
    );
    expect(asked.at(-1)).toBe(
      "timeout -k 2 20 docker compose --project-name chat --project-directory /srv/chat --file /srv/chat/a.yaml --file '/srv/chat/b b.yaml' --env-file /srv/chat/.env config --hash '*'",
    );
  });

  it.each([
    { project: "--help" },
    { files: "compose.yaml" },
    { files: "-" },
    { files: "" },
    { files: "/srv/*/compose.yaml" },
    { folder: "../x" },
    { environmentFile: "/srv/a\u0007" },
  ])("asks nothing about %o", (more) => {
    const { asked } = interview(docker, host([chat("app", more)]));
    expect(asked.join("\n")).not.toMatch(/docker compose|scrap_look/);
  });

  it("speaks to Compose as it is installed, or not at all", () => {
    const look = (text: string): Says => [
      ["(found)", `+docker /usr/bin/docker\n/run/docker.sock\n${text}`],
      ["docker-compose", ""],
    ];
    const asked = (text: string) => interview(docker, host([chat("app")], look(text))).asked.join("\n");
    expect(asked("+docker-compose /usr/bin/docker-compose\n")).toContain(
      " docker-compose --project-name chat ",
    );
    expect(asked("")).not.toContain("compose ");
  });
});

it("runs in a container what it is told, and nothing else", () => {
  const web = { kind: "container", name: "web" } as ResourceOf<"container">;
  const command = docker.exec?.(web, ["sh", "-c", "echo $(id); 'x'"]);
  expect(command && toShell(command, "sudo")).toBe(
    "sudo -n timeout -k 2 10 docker exec -- web sh -c 'echo $(id); '\\''x'\\'''",
  );
});
