import type { User } from "../../../command/command.ts";
import type { Runs } from "../../../inventory/service.ts";
import type { RunStep } from "../../../plan/plan.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { Resource } from "../../resource.ts";
import type { DeployVerbs, Placement, TakingEffect, WhyNot, Wish } from "../../verbs.ts";
import { imagesInYaml } from "../quadlets.ts";
import { isInState, podman } from "./lifecycle.ts";

/** Pods that podman plays from a manifest, without a unit. */
export const deploy: DeployVerbs = { runs: ["pod"], standsFor, place, takeEffect };

function* place({ service, from, files, owner, main }: Wish): Planning<Placement | WhyNot> {
  if (from.kind !== "manifest")
    return {
      whyNot: `${service} is a pod, and is not put in place from ${from.kind}.`,
      hint: "`runs: { quadlet: NAME.pod }` is one that units run; `from: { manifest: FILE }` is one that podman plays.",
    };
  if (main.kind === "pod" && main.details.unit !== undefined)
    return {
      whyNot: `The pod ${main.name} is run by ${main.details.unit}, and not by podman alone.`,
      hint: "`runs: { quadlet: NAME.kube }` is a manifest that a unit plays.",
    };
  const folder = owner ? `${owner.home}/.config/containers/manifests` : "/etc/containers/manifests";
  return {
    files: files.map((file) => ({ ...file, path: `${folder}/${service}.yaml` })),
    images: [...new Set(files.flatMap(({ text }) => imagesInYaml(text)))],
    engine: "podman",
  };
}

function* takeEffect(
  { main }: Wish,
  { files }: Placement,
  changed: readonly string[],
  host: string,
): Planning<TakingEffect | WhyNot> {
  const path = files[0]?.path ?? "";
  const isRunning = isInState(main, host, "Running");
  const { stdout } = isRunning.kind === "command" ? yield* askHost(host, isRunning.command) : { stdout: "" };
  const state = stdout.trim();
  const run = (id: string, title: string, ...args: readonly string[]): RunStep => ({
    kind: "run",
    id,
    title,
    effect: "changes",
    host,
    command: podman(main, ...args),
    timeoutMs: 600_000,
  });
  const takeAway = {
    ...run("switch-back", `Take the new ${main.name} away`, "pod", "rm", "--force", "--ignore", main.name),
    again: "safe" as const,
  };
  return {
    isInPlace: changed.length === 0 && state === "Running",
    check: [],
    switchOver: [
      {
        ...run("switch", `Play ${main.name}`, "kube", "play", "--replace", path),
        again: "safe",
        ...(state === "" ? {} : { effect: "interrupts", downMs: 3_000 }),
        undo: [takeAway],
      },
    ],
    revive:
      state === "Running"
        ? [{ ...run("play-back", `Play ${main.name} as it was`, "kube", "play", path), done: isRunning }]
        : [],
  };
}

function standsFor({ name }: Runs, owner: User | undefined): Resource {
  return {
    kind: "pod",
    name,
    ...(owner ? { user: owner.name, owner } : {}),
    findings: [],
    seenAt: new Date(0),
    is: [],
    uses: [],
    details: { state: "", containers: [] },
  };
}
