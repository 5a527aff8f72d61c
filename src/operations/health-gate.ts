import { Refused } from "../errors.ts";
import type { Service } from "../inventory/service.ts";
import type { Check, Step, WaitStep } from "../plan/plan.ts";
import type { Ground } from "./ground.ts";
import { commandInside } from "./hooks.ts";
import type { Target } from "./target.ts";

/** Waits until a service runs, passes its checks, and stays so without a restart. */
export function healthGate(
  id: string,
  target: Target,
  ground: Ground,
  { steadyMs, timeoutMs }: { readonly steadyMs: number; readonly timeoutMs: number },
): WaitStep {
  const { main, backend, host, name, service } = target;
  const lifecycle = main && backend?.lifecycle;
  const until = [
    ...(lifecycle ? lifecycle.isRunning(main, host) : []),
    ...(service ? checksOf(service, host, ground) : []),
  ];
  if (until.length === 0)
    throw new Refused(`Nothing would show whether ${name} is well on ${host}.`, {
      hint: `Say how one sees it: services › ${name} › health.`,
    });
  return {
    kind: "wait",
    id,
    title: `Wait for ${name} to be well${steadyMs > 0 ? ` for ${steadyMs / 1000} s` : ""}`,
    effect: "reads",
    host,
    until,
    everyMs: 500,
    timeoutMs,
    steadyMs,
    ...(lifecycle ? { unchanged: lifecycle.life(main, host) } : {}),
    ...lastWords(target, ground),
  };
}

/** What the engines and systemd tell of what they do: nothing that the service says, unless it is how it ended. */
const chatter = [
  String.raw`\b(podman|conmon)\[\d+\]: (\d{4}-\d\d-\d\d |conmon \w+ <n)`,
  String.raw`\bsystemd\[\d+\]: (?!.*(exited|Failed|failed|timed out|killed))`,
].join("|");

/** What a service said last since it was planned, for the message of a step that fails. */
export function lastWords(
  { main, backend, host }: Target,
  { now, homelab }: Pick<Ground, "now" | "homelab">,
): Pick<Step, "explain"> {
  const ahead = homelab.hosts.find(({ name }) => name === host)?.facts.clockSkewMs ?? 0;
  const since = new Date(now.getTime() + ahead - 2_000).toISOString();
  const command = main && backend?.logs?.(main, { follow: false, lines: 40, since });
  return command ? { explain: { host, command, ignore: chatter } } : {};
}

/** The checks of a service as they are asked when it runs on `host`. */
export function checksOf(service: Service, host: string, ground: Ground): readonly Check[] {
  return service.health.map((check): Check => {
    const from = check.on ?? host;
    if (check.kind !== "command")
      return {
        kind: "reach",
        title: check.kind === "http" ? check.url : `port ${check.port}`,
        host: from,
        check,
      };
    return {
      kind: "command",
      title: check.argv.join(" "),
      host: from,
      command: { ...commandInside(check, from, ground), timeoutMs: check.timeoutMs },
      expect: { exitCode: 0 },
    };
  });
}
