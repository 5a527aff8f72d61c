import { expect, it } from "vitest";
import type { Backend } from "../../src/backends/contract.ts";
import type { Resource } from "../../src/backends/resource.ts";
import type { Steps } from "../../src/backends/verbs.ts";
import { docker } from "../../src/backends/workload/docker/index.ts";
import { podman } from "../../src/backends/workload/podman/index.ts";
import type { Output } from "../../src/command/command.ts";
import { toText } from "../../src/plan/text.ts";

const thing = (
  kind: "container" | "pod" | "project",
  name: string,
  details: object = {},
  more: object = {},
) =>
  ({
    kind,
    name,
    findings: [],
    seenAt: new Date(0),
    is: [],
    uses: [],
    details,
    ...more,
  }) as unknown as Resource;

/** What the steps of a verb say to the host, where it answers so. */
function words(
  backend: Backend,
  verb: "start" | "stop" | "restart",
  resource: Resource,
  answers: readonly Partial<Output>[] = [],
) {
  const planning = backend.lifecycle?.[verb](resource, "vps1");
  let next = planning?.next();
  const left = [...answers];
  while (next && !next.done)
    next = planning?.next(next.value.map(() => ({ exitCode: 0, stdout: "", stderr: "", ...left.shift() })));
  const steps = next?.value as Steps;
  return "whyNot" in steps
    ? steps
    : steps.map((step) => (step.kind === "run" ? toText(step.command) : step.kind));
}

it("leaves what a unit runs to the unit, and names it", () => {
  expect(words(podman, "restart", thing("container", "web", { unit: "web.service" }))).toEqual({
    whyNot: "The container web is run by web.service.",
    hint: "scrap restart web.service",
  });
  expect(
    words(podman, "stop", thing("pod", "mail", { unit: "mail-pod.service" }, { user: "alice" })),
  ).toEqual({
    whyNot: "The pod mail is run by mail-pod.service of alice.",
    hint: "scrap stop mail-pod.service",
  });
});

it("starts and stops containers and pods, of a user as that user", () => {
  const alice = { user: "alice", owner: { name: "alice", uid: 1004, gid: 1004 } };
  expect(words(podman, "stop", thing("container", "web"))).toEqual(["podman stop web"]);
  expect(words(podman, "start", thing("pod", "mail", {}, alice))).toEqual([
    "setpriv --reuid 1004 --regid 1004 --init-groups --reset-env env LC_ALL=C TZ=UTC XDG_RUNTIME_DIR=/run/user/1004 podman pod start mail",
  ]);
  expect(words(docker, "stop", thing("container", "notes"))).toEqual(["docker stop -- notes"]);
});

it("takes the Compose that the host has, and says where there is none", () => {
  const none = { exitCode: 1 };
  const chat = thing("project", "chat");
  expect(words(docker, "stop", chat)).toEqual(["docker compose --project-name chat stop"]);
  expect(words(docker, "stop", chat, [none, {}])).toEqual(["docker-compose --project-name chat stop"]);
  expect(words(docker, "stop", chat, [none, none])).toMatchObject({ whyNot: "There is no Compose on vps1." });
});

/** Of `{{.State}} {{.Status}}`, line by line. */
it.each([
  ["running Up 2 minutes (healthy)\nexited Exited (0) 3 minutes ago", true],
  ["running Up 2 minutes\nrestarting Restarting (3) 2 seconds ago", false],
  ["running Up 2 minutes\nexited Exited (137) 2 seconds ago", false],
  ["running Up 2 seconds (health: starting)", false],
  ["running Up 2 minutes (unhealthy)", false],
  ["exited Exited (0) 2 seconds ago", false],
  ["", false],
])("takes a project for up by its containers: %j", (said, isUp) => {
  const [check] = docker.lifecycle?.isRunning(thing("project", "chat"), "vps1") ?? [];
  const pattern =
    check?.kind === "command" && "stdoutMatches" in check.expect ? check.expect.stdoutMatches : "";
  expect(new RegExp(pattern, "m").test(said)).toBe(isUp);
});
