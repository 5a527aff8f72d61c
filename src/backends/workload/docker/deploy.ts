import type { Command } from "../../../command/command.ts";
import type { Runs } from "../../../inventory/service.ts";
import type { RunStep, Step } from "../../../plan/plan.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { Resource } from "../../resource.ts";
import type { DeployVerbs, Placement, TakingEffect, WhyNot, Wish } from "../../verbs.ts";
import { imagesInYaml } from "../quadlets.ts";
import { askCompose, isMissing } from "./compose-program.ts";
import { isUp } from "./lifecycle.ts";

/** Compose projects: their file, and the files beside it. */
export const deploy: DeployVerbs = { runs: ["compose"], standsFor, place, takeEffect };

function* place({ service, from, files, owner }: Wish): Planning<Placement | WhyNot> {
  if (owner) return { whyNot: `${service} is a Compose project, and docker has none that is a user's.` };
  if (from.kind !== "compose")
    return {
      whyNot: `${service} is a Compose project, and is not put in place from ${from.kind}.`,
      hint: "`from: { compose: FILE, to: /the/folder }` says it.",
    };
  const file = from.file.slice(from.file.lastIndexOf("/") + 1);
  const images = files.filter(({ name }) => name === file).flatMap(({ text }) => imagesInYaml(text));
  return {
    files: files.map((each) => ({ ...each, path: `${from.to}/${each.name}` })),
    images: [...new Set(images)],
    engine: "docker",
  };
}

type Details = Extract<Resource, { kind: "project" }>["details"];

const up = ["up", "--detach", "--remove-orphans"];

function* takeEffect(
  { from, main }: Wish,
  _placement: Placement,
  changed: readonly string[],
  host: string,
): Planning<TakingEffect | WhyNot> {
  if (from.kind !== "compose") return { whyNot: `${main.name} has no Compose file.` };
  const compose = yield* askCompose(host);
  if (isMissing(compose)) return compose;
  const file = `${from.to}/${from.file.slice(from.file.lastIndexOf("/") + 1)}`;
  const named = ["--project-name", main.name];
  const project = (files: readonly string[], folder: string) => [
    ...[...named, "--project-directory", folder],
    ...files.flatMap((each) => ["--file", each]),
  ];
  const ours = project([file], from.to);
  const run = (id: string, title: string, args: readonly string[], more: Partial<RunStep> = {}): RunStep => ({
    kind: "run",
    id,
    title,
    effect: "changes",
    host,
    command: compose(...args),
    timeoutMs: 600_000,
    again: "safe",
    ...more,
  });
  const before = main.kind === "project" ? main.details : undefined;
  const ran = before?.services.some(({ running }) => running > 0) ?? false;
  const revive: Step[] = ran
    ? [
        {
          ...run("up-back", `Bring ${main.name} up as it was`, [
            ...project(before?.files ?? [], folderOf(before?.files[0] ?? file)),
            ...up,
          ]),
          done: isUp(main, host),
        },
      ]
    : [];
  return {
    isInPlace:
      changed.length === 0 &&
      ran &&
      before !== undefined &&
      (yield* isUpToDate(host, compose("--dry-run", ...ours, ...up), before)),
    check: [
      run("config", "See that Compose understands its file", [...ours, "config", "--quiet"], {
        effect: "reads",
      }),
    ],
    switchOver: [
      run("switch", `Bring ${main.name} up`, [...ours, ...up], {
        ...(ran ? { effect: "interrupts", downMs: 3_000 } : {}),
        undo: [
          ran
            ? run("switch-back", `Stop the new ${main.name}`, [...named, "stop"])
            : run("switch-back", `Take ${main.name} down`, [...named, "down", "--remove-orphans"]),
        ],
      }),
    ],
    revive,
  };
}

/**
 * What `up` would do, as it says itself. The hashes that tell drift elsewhere are other ones where a service has an
 * `env_file`; they have to do where Compose has no dry run yet.
 */
function* isUpToDate(host: string, dryRun: Command, details: Details): Planning<boolean> {
  const { exitCode, stdout, stderr } = yield* askHost(host, dryRun);
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.includes("DRY-RUN"));
  if (exitCode === 0 && lines.length > 0) return lines.every((line) => /\bRunning\s*$/.test(line));
  return details.services.every(({ running, total, drifted }) => running === total && total > 0 && !drifted);
}

function standsFor({ name }: Runs): Resource {
  return {
    kind: "project",
    name,
    findings: [],
    seenAt: new Date(0),
    is: [],
    uses: [],
    details: { state: "", files: [], services: [] },
  };
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/")) || "/";
