import { dirname, join } from "node:path";
import { Refused } from "../errors.ts";
import type { From } from "../inventory/service.ts";
import type { LocalStep } from "../plan/plan.ts";
import { askProgram, type Planning, readOwnFiles } from "../plan/planning.ts";
import type { DeployOptions, DeployParts } from "./deploy-parts.ts";
import { type DeployTarget, withMain } from "./deploy-target.ts";
import { findOwner } from "./file-owner.ts";
import type { Ground } from "./ground.ts";
import { healthGate } from "./health-gate.ts";
import { hookSteps } from "./hooks.ts";
import { versionOf } from "./pins.ts";
import { preflight } from "./preflight.ts";
import { toShown } from "./show-difference.ts";

type Playbook = Extract<From, { kind: "playbook" }>;

/**
 * Runs the user's playbook for one host, as they have it: their ansible.cfg, inventory, vault and tags. What its check
 * mode says is the difference. What it changed, nobody but a playbook can undo: so it stops where it fails.
 */
export function* deployByPlaybook(
  target: DeployTarget,
  playbook: Playbook,
  ground: Ground,
  { edited = new Map(), steadyMs = 10_000, to, variables }: DeployOptions,
): Planning<DeployParts> {
  const { host, name, service } = target;
  const folder = yield* findFolder(playbook.file);
  const argv = toArgv(playbook, host, ground);
  // Where nobody can tell it what will be written, it would be checked as it is.
  const told = variables ? ["--extra-vars", JSON.stringify(variables)] : [];
  const isTold = edited.size === 0 || variables !== undefined;
  const checked = isTold ? yield* check([...argv, ...told], folder, playbook.file) : undefined;
  const play = (id: string, title: string): LocalStep => ({
    kind: "local",
    id,
    title,
    effect: "interrupts",
    argv,
    cwd: folder,
    again: "safe",
    timeoutMs: 3_600_000,
  });
  const later = yield* withExpected(target, ground);
  const isPlayedBack = edited.size > 0;
  return {
    target: later,
    isInPlace: checked?.isInPlace === true && target.known?.runsOn.includes(host) === true,
    look: [
      {
        ...(yield* preflight(target, ground)),
        ...(isPlayedBack ? { undo: [play("play-back", `Run ${playbook.file} as it was`)] } : {}),
      },
    ],
    fetch: [],
    write: [],
    switchOver: [
      { ...play("play", `Run ${playbook.file} for ${name}`), ...(checked ? { diff: checked.lines } : {}) },
    ],
    gate: [
      { ...healthGate("well", later, ground, { steadyMs, timeoutMs: 120_000 }), commit: true },
      ...hookSteps("afterStart", later, ground),
    ],
    version: to ?? (yield* versionOf(service, ground)),
    basis: [],
    onFailure: isPlayedBack ? "walk-back" : "stop",
    notes: [
      ...(checked ? [] : ["What the playbook will change is known once the new version is written."]),
      ...(!isPlayedBack ? ["A playbook that fails leaves what it did until then."] : []),
    ],
  };
}

/** Where the user runs it from: the nearest folder above it that has their ansible.cfg, else its own. */
function* findFolder(playbook: string): Planning<string> {
  const folders: string[] = [];
  for (let folder = dirname(playbook); !folders.includes(folder); folder = dirname(folder))
    folders.push(folder);
  const found = yield* readOwnFiles(folders.map((folder) => join(folder, "ansible.cfg")));
  return folders[found.findIndex((file) => file !== undefined)] ?? dirname(playbook);
}

/** The inventory that the host is from; that of their ansible.cfg for one that Ansible did not tell us of. */
function toArgv({ file, tags }: Playbook, host: string, { inventory }: Ground): LocalStep["argv"] {
  const source = inventory.sources.get(host);
  return [
    ...(["env", "ANSIBLE_NOCOLOR=1", "ansible-playbook"] as const),
    ...(source?.kind === "ansible" && source.file !== undefined ? ["--inventory", source.file] : []),
    ...["--limit", host],
    ...(tags.length > 0 ? ["--tags", tags.join(",")] : []),
    file,
  ];
}

/** Its check mode. Throws `Refused` where that fails: then nobody knows what it would do. */
function* check(argv: LocalStep["argv"], folder: string, file: string) {
  const { exitCode, lines } = yield* askProgram([...argv, "--check", "--diff"], folder);
  if (exitCode === 127)
    throw new Refused("There is no ansible-playbook on this machine.", {
      hint: "Debian's package is ansible-core, or ansible; it is needed where scrap runs, on no host.",
    });
  const shown = toShown(lines.filter((line) => line.trim() !== ""));
  if (exitCode !== 0)
    throw new Refused(
      `${file} fails in check mode (exit ${exitCode}):\n${shown
        .slice(-12)
        .map((line) => `  ${line}`)
        .join("\n")}`,
      {
        hint:
          exitCode === 2 && !argv.includes("--extra-vars")
            ? "What cannot be checked has `when: not ansible_check_mode`."
            : // What is told so overrules all that the playbook says itself, and is text: a person has to see it.
              `It was run as: ${argv.join(" ")} --check`,
      },
    );
  const recaps = lines.flatMap((line) => /\bok=\d+\s+changed=(\d+)\s/.exec(line)?.[1] ?? []);
  return { lines: shown, isInPlace: recaps.length > 0 && recaps.every((count) => count === "0") };
}

function* withExpected(target: DeployTarget, { backends }: Ground): Planning<DeployTarget> {
  const { runs } = target.service;
  const backend = backends.find(({ deploy }) => deploy?.runs.includes(runs.kind));
  if (target.main || !backend?.deploy) return target;
  const owner = runs.user === undefined ? undefined : yield* findOwner(target.host, runs.user);
  return withMain(target, backend, backend.deploy.standsFor(runs, owner?.user));
}
