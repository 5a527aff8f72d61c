import { describe, expect, it } from "vitest";
import { podman } from "../../src/backends/workload/podman/index.ts";
import { parseGoTime } from "../../src/backends/workload/podman/resources.ts";
import { toShell } from "../../src/command/command.ts";
import { sight } from "../../src/model/placement.ts";
import type { Known } from "../../src/model/resources.ts";
import { interview, problemsOf, type Says } from "./seen.ts";

/** A line of `podman ps` and one of `podman inspect`, in the fields that we ask for. */
const container = (name: string, more: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    id: Buffer.from(name.padEnd(32, "x")).toString("hex"),
    ...{ names: [name], image: "web:1", imageId: "1", pod: "", podName: "", isInfra: false },
    ...{ state: "running", health: "", status: "Up 3 hours", exitCode: 0, ports: "", unit: "" },
    ...{ createdAt: "2026-11-20 19:39:37.28 +0000 UTC", startedAt: 1795203577, endedAt: -62135596800 },
    ...{ restarts: 0, policy: "no", mounts: [null] },
    ...more,
  });

const host = (containers: readonly string[], more: Says = []): Says => [
  ["(found)", "+podman /usr/bin/podman\n"],
  ...more,
  ["podman --version", "podman version 5.4.2\n"],
  ["/var/lib/containers/storage", "/var/lib/containers/storage\n"],
  ["/run/user/*", ""],
  ["/etc/passwd", "=/etc/passwd\n:root:x:0:0:root:/root:/bin/bash\n"],
  ["podman ps", containers.join("\n")],
  ["podman inspect", containers.join("\n")],
];

const problems = (...containers: readonly string[]) =>
  problemsOf(podman, interview(podman, host(containers)).seen);

it("asks nothing of a podman that was never used: that would leave traces", () => {
  const { asked } = interview(podman, host([], [["/var/lib/containers/storage", ""]]));
  expect(asked.filter((shell) => / podman (ps|inspect)/.test(shell))).toEqual([]);
});

it("asks for restarts where `ps` knows them, and for no command line", () => {
  const list = (version: string) =>
    interview(podman, host([], [["podman --version", `podman version ${version}\n`]])).asked.find((shell) =>
      shell.includes(" ps "),
    );
  expect(list("4.3.1")).not.toContain("Restarts");
  expect(list("4.9.0")).toContain("Restarts");
  expect(list("5.4.2")).toContain("Restarts");
  expect(list("5.4.2")).not.toMatch(/Command|json \.\}/);
});

describe("a pod", () => {
  const inPod = (name: string, more: object = {}) =>
    container(name, { pod: "ab12", podName: "mail", ...more });
  const infra = inPod("mail-infra", { isInfra: true, unit: "mail-pod.service" });

  it("is made of its containers, and stands on its unit; they stand on it", () => {
    const { seen } = interview(
      podman,
      host([
        infra,
        inPod("mail-smtp", {
          unit: "mail-smtp.service",
          mounts: [{ type: "bind", source: "/srv/mail" }, null],
        }),
      ]),
    );
    const [smtp, pod, ...others] = podman.resources(seen, seen.observations);
    expect(others).toEqual([]);
    expect(smtp).toMatchObject({
      kind: "container",
      name: "mail-smtp",
      uses: ["unit:mail-smtp.service", "pod:mail", "mount:/srv/mail"],
    });
    expect(pod).toMatchObject({
      kind: "pod",
      name: "mail",
      uses: ["unit:mail-pod.service"],
      details: { state: "1 of 1 running", containers: ["mail-smtp"] },
    });
  });

  it.each([
    ["running", "running"],
    ["exited", "stopped"],
  ])("runs as a service while one of them does: %s", (state, is) => {
    const { seen } = interview(podman, host([infra, inPod("mail-smtp", { state })]));
    const known = podman
      .resources(seen, seen.observations)
      .map(
        (resource) =>
          ({ ...resource, id: resource.name, host: "vps1", backend: "podman", health: "ok" }) as Known,
      );
    const service = { runs: { kind: "pod", name: "mail" } } as const;
    expect(sight(service, known)).toMatchObject({
      state: is,
      parts: [{ name: "mail-smtp" }],
    });
  });

  it("is as ill as the worst of them", () => {
    const ill = [
      inPod("a", { state: "paused" }),
      inPod("b", { state: "exited", exitCode: 3, endedAt: 1795203979 }),
    ];
    expect(problems(infra, ...ill).filter((problem) => problem.startsWith("pod"))).toEqual([
      "pod mail: failed: b ended with exit status 3 at 2026-11-20 19:46 UTC",
      "pod mail: warning: a is paused",
    ]);
  });
});

describe("a container that restarts", () => {
  const policy = "always";
  it("loops, whichever way it is caught", () => {
    expect(
      problems(container("web", { policy, restarts: 4, status: "Up Less than a second ago" }))[0],
    ).toMatch(/failed: restarts again and again, 4/);
    const caught = {
      policy,
      restarts: 4,
      state: "stopped",
      exitCode: 3,
      status: "Exited (3) Less than a second ago",
    };
    expect(problems(container("web", caught))[0]).toMatch(
      /failed: restarts again and again, 4 times so far: ended with exit status 3/,
    );
  });

  it("does not loop once somebody stopped it", () => {
    const stopped = {
      policy,
      restarts: 4,
      state: "exited",
      exitCode: 137,
      status: "Exited (137) 2 hours ago",
    };
    expect(problems(container("web", stopped))[0]).toMatch(
      /failed: ended with exit status 137, killed by signal 9/,
    );
  });
});

describe("containers of users", () => {
  const more: Says = [
    [
      "/run/user/*",
      "/run/user/1000\n/run/user/1004\n/var/lib/systemd/linger/alice\n/var/lib/systemd/linger/ops\n/var/lib/systemd/linger/bob\n",
    ],
    [
      "/etc/passwd",
      "=/etc/passwd\n:ops:x:1000:1000::/home/ops:/bin/sh\n:alice:x:1004:1004::/home/alice:/bin/sh\n:--x:x:1000:1:::\n",
    ],
    [
      "/home/ops/",
      "",
      2,
      "ls: cannot access '/home/ops/.local/share/containers': No such file or directory\n",
    ],
    ["/home/alice/", "/home/alice/.local/share/containers\n"],
    [/--reuid 1004 .* podman (ps|inspect)/, container("photos", { unit: "photos.service" })],
  ];
  const { seen, asked } = interview(podman, host([container("web")], more));

  it("are asked of who has some, as themselves", () => {
    expect(
      asked.filter((shell) => shell.includes("--reuid 1000")).every((shell) => shell.includes(" ls -d ")),
    ).toBe(true);
  });

  it("belong to them, with all that is done there", () => {
    const photos = podman.resources(seen, seen.observations).find(({ name }) => name === "photos");
    expect(photos).toMatchObject({ user: "alice", uses: ["unit:alice/photos.service"] });
    expect(photos?.is).toContain("container:alice/photos");
    const logs = photos && podman.logs?.(photos, { follow: true, lines: 10 });
    expect(logs && toShell(logs, "sudo")).toBe(
      "sudo -n -u alice timeout -k 2 10 env LC_ALL=C TZ=UTC XDG_RUNTIME_DIR=/run/user/1004 podman logs --timestamps --tail=10 --follow -- photos",
    );
  });
});

it.each([
  ["2026-11-20 19:39:37.288878255 +0000 UTC", "2026-11-20T19:39:37Z"],
  ["2026-11-20 20:39:37 +0100 CET", "2026-11-20T19:39:37Z"],
  ["2 hours ago", undefined],
])("reads the time %s", (text, time) => expect(parseGoTime(text)).toBe(time));
