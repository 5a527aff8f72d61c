import type { Backend } from "../backends/contract.ts";
import type { Command } from "../command/command.ts";
import { CommandFailed, TimedOut } from "../errors.ts";
import type { HealthCheck } from "../inventory/service.ts";
import type { Known } from "../model/resources.ts";
import type { KnownService } from "../model/services.ts";
import { type CheckResult, checkKey } from "../model/state.ts";
import type { Link } from "../transport/transport.ts";
import type { Check } from "./collect-host.ts";
import { reach } from "./reach.ts";

const freshMs = 15_000;

/** The checks of those services that run on this host, or that are asked from it. */
export function checksOn(
  host: string,
  services: readonly KnownService[],
  resources: readonly Known[],
  backends: readonly Backend[],
): readonly Check[] {
  return services.flatMap(({ service, runsOn }) =>
    service.health.flatMap((check, index) => {
      const from = check.on ?? (runsOn.includes(service.home) ? service.home : runsOn[0]);
      if (from !== host || runsOn.length === 0) return [];
      const run = (link: Link, signal: AbortSignal) => runCheck(check, link, resources, backends, signal);
      return [{ key: checkKey(service.name, index), freshMs, run }];
    }),
  );
}

/** That we were stopped is no failure of the service. */
async function runCheck(
  check: HealthCheck,
  link: Link,
  resources: readonly Known[],
  backends: readonly Backend[],
  signal: AbortSignal,
): Promise<CheckResult> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(check.timeoutMs)]);
  const result = await tryCheck(check, link, resources, backends, limit);
  if (signal.aborted && !result.passed) throw new TimedOut(`${check.kind} check was not finished in time`);
  return result;
}

async function tryCheck(
  check: HealthCheck,
  link: Link,
  resources: readonly Known[],
  backends: readonly Backend[],
  limit: AbortSignal,
): Promise<CheckResult> {
  switch (check.kind) {
    case "tcp":
    case "http":
      return reach(check, link, limit);
    case "command":
      return checkCommand(check, link, resources, backends);
    default:
      return check satisfies never;
  }
}

async function checkCommand(
  { argv, in: container, timeoutMs }: HealthCheck & { kind: "command" },
  link: Link,
  resources: readonly Known[],
  backends: readonly Backend[],
): Promise<CheckResult> {
  const what = argv.join(" ");
  const command = container === undefined ? { argv } : commandIn(container, argv, resources, backends);
  // It may be there, and we may not see it.
  if (!command) throw new CommandFailed(`${what}: no container ${container} was seen`);
  const { exitCode, stderr, stdout } = await link.ask({ ...command, timeoutMs });
  if (exitCode === 0) return { passed: true, message: `${what}: exit 0` };
  const said = (stderr || stdout).trim().split("\n").at(-1) ?? "";
  return { passed: false, message: `${what}: exit ${exitCode}${said === "" ? "" : `, ${said}`}` };
}

function commandIn(
  name: string,
  argv: Command["argv"],
  resources: readonly Known[],
  backends: readonly Backend[],
): Command | undefined {
  const names = [name, `systemd-${name}`];
  for (const resource of resources) {
    if (resource.kind !== "container" || !names.includes(resource.name)) continue;
    return backends.find(({ id }) => id === resource.backend)?.exec?.(resource, argv);
  }
  return undefined;
}
