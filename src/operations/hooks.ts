import type { Command } from "../command/command.ts";
import { Refused } from "../errors.ts";
import type { HookName } from "../inventory/service.ts";
import type { Effect, RunStep } from "../plan/plan.ts";
import type { Ground } from "./ground.ts";
import type { Target } from "./target.ts";

const words: Record<HookName, string> = {
  beforeSnapshot: "before the snapshot",
  afterSnapshot: "after the snapshot",
  beforeBackup: "before the backup",
  afterBackup: "after the backup",
  beforeUpgrade: "before the upgrade",
  afterUpgrade: "after the upgrade",
  beforeStop: "before the stop",
  afterStart: "after the start",
};

/**
 * The user's own command around an operation, if there is one. One that runs before it and fails ends the operation
 * there; one that runs after it and fails is a warning: what it comes after is done.
 */
export function hookSteps(name: HookName, target: Target, ground: Ground): readonly RunStep[] {
  const hook = target.service?.hooks[name];
  if (!hook) return [];
  const effect: Effect = "changes";
  return [
    {
      kind: "run",
      id: `hook-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      title: `Your command ${words[name]} of ${target.name}`,
      host: target.host,
      command: commandInside(hook, target.host, ground),
      effect,
      timeoutMs: hook.timeoutMs ?? 300_000,
      ...(name.startsWith("after") ? { optional: true as const } : {}),
    },
  ];
}

/** On the host, or in a container of it. Throws `Refused` when nobody saw that container. */
export function commandInside(
  { argv, in: container }: { readonly argv: Command["argv"]; readonly in?: string },
  host: string,
  { homelab, backends }: Ground,
): Command {
  if (container === undefined) return { argv, asRoot: true };
  // As podman calls that of a quadlet.
  const names = [container, `systemd-${container}`];
  for (const resource of homelab.resources) {
    if (resource.kind !== "container" || resource.host !== host || !names.includes(resource.name)) continue;
    const command = backends.find(({ id }) => id === resource.backend)?.exec?.(resource, argv);
    if (command) return command;
  }
  throw new Refused(`On ${host} no container ${container} was seen, in which ${argv.join(" ")} has to run.`);
}
