import type { RunStep, Step } from "../../../plan/plan.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { DeployVerbs, Placement, Resource, TakingEffect, WhyNot, Wish } from "../../contract.ts";
import { imagesInYaml } from "../quadlets.ts";
import { askCompose, isMissing } from "./compose-program.ts";
import { isUp } from "./lifecycle.ts";

/** Compose projects: their file, and the files beside it. */
export const deploy: DeployVerbs = { runs: ["compose"], place, takeEffect };

function* place({ service, runs, from, files, owner, now }: Wish): Planning<Placement | WhyNot> {
  if (owner) return { whyNot: `${service} is a Compose project, and docker has none that is a user's.` };
  if (from.kind !== "compose")
    return {
      whyNot: `${service} is a Compose project, and is not put in place from ${from.kind}.`,
      hint: "`from: { compose: FILE, to: /the/folder }` says it.",
    };
  const file = from.file.slice(from.file.lastIndexOf("/") + 1);
  const images = files.filter(({ name }) => name === file).flatMap(({ text }) => imagesInYaml(text));
  const main: Resource = now ?? {
    kind: "project",
    name: runs.name,
    findings: [],
    seenAt: new Date(0),
    is: [],
    uses: [],
    details: { state: "", files: [`${from.to}/${file}`], services: [] },
  };
  return {
    main,
    files: files.map((each) => ({ ...each, path: `${from.to}/${each.name}` })),
    images: [...new Set(images)],
    engine: "docker",
  };
}

function* takeEffect(
  { from, now }: Wish,
  { main }: Placement,
  changed: readonly string[],
  host: string,
): Planning<TakingEffect | WhyNot> {
  if (from.kind !== "compose") return { whyNot: `${main.name} has no Compose file.` };
  const compose = yield* askCompose(host);
  if (isMissing(compose)) return compose;
  const file = `${from.to}/${from.file.slice(from.file.lastIndexOf("/") + 1)}`;
  const project = (files: readonly string[], folder: string) => [
    ...["--project-name", main.name, "--project-directory", folder],
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
  const before = now?.kind === "project" ? now.details : undefined;
  const ran = before?.services.some(({ running }) => running > 0) ?? false;
  const up = ["up", "--detach", "--remove-orphans"];
  const revive: Step[] = ran
    ? [
        run("up-back", `Bring ${main.name} up as it was`, [
          ...project(before?.files ?? [], folderOf(before?.files[0] ?? file)),
          ...up,
        ]),
      ]
    : [];
  return {
    isInPlace: changed.length === 0 && ran && (yield* isAsItsFileSays(main, host, before)),
    check: [
      run("config", "See that Compose understands its file", [...ours, "config", "--quiet"], {
        effect: "reads",
      }),
    ],
    switchOver: [
      run("switch", `Bring ${main.name} up`, [...ours, ...up], {
        ...(ran ? { effect: "interrupts", downMs: 3_000 } : {}),
        undo: ran
          ? []
          : [
              run("switch-back", `Take ${main.name} down`, [
                "--project-name",
                main.name,
                "down",
                "--remove-orphans",
              ]),
            ],
      }),
    ],
    revive,
  };
}

function* isAsItsFileSays(
  main: Resource,
  host: string,
  before: Extract<Resource, { kind: "project" }>["details"] | undefined,
) {
  const check = isUp(main, host);
  if (check.kind !== "command") return false;
  const { stdout } = yield* askHost(host, check.command);
  const pattern = "stdoutMatches" in check.expect ? check.expect.stdoutMatches : "(?!)";
  return (
    new RegExp(pattern, "m").test(stdout.trim()) &&
    !(before?.services.some(({ drifted, total }) => drifted || total === 0) ?? true)
  );
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/")) || "/";
