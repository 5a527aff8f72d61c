import { Refused } from "../errors.ts";
import type { Check, WaitStep } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";
import type { DeployTarget } from "./deploy-target.ts";
import type { Ground } from "./ground.ts";
import { findLack } from "./room.ts";

/**
 * Sees that the host has what a service needs of it before anything is touched. What can be known now is refused now:
 * throws `Refused`.
 */
export function* preflight(target: DeployTarget, { homelab }: Ground): Planning<WaitStep> {
  const { name, host, service, known } = target;
  const { arch, ports, devices } = service.needs;
  const facts = homelab.hosts.find((each) => each.name === host)?.facts;
  if (arch.length > 0 && facts?.architecture !== undefined && !arch.includes(facts.architecture))
    throw new Refused(`${name} runs on ${arch.join(" or ")}, and ${host} is ${facts.architecture}.`);
  for (const device of devices) {
    const { exitCode } = yield* askHost(host, { argv: ["ls", "-d", "--", device] });
    if (exitCode !== 0) throw new Refused(`${name} needs ${device}, which ${host} has not.`);
  }
  const lack = known?.runsOn.includes(host) ? undefined : yield* findLack(service, host, homelab);
  if (lack) throw new Refused(lack);
  // While it runs, it is the one who has them.
  const wanted = known?.runsOn.includes(host) ? [] : ports;
  for (const port of wanted) {
    const { exitCode, stdout } = yield* askHost(host, listeners(port));
    if (exitCode === 0 && stdout.trim() !== "")
      throw new Refused(`Port ${port}, which ${name} needs, is taken on ${host}${holderOf(stdout)}.`);
  }
  return {
    kind: "wait",
    id: "look",
    title: `See that ${host} has what ${name} needs`,
    effect: "reads",
    host,
    until: wanted.map(
      (port): Check => ({
        kind: "command",
        title: `port ${port} is free`,
        host,
        command: listeners(port),
        expect: { stdoutMatches: "^(?![\\s\\S])" },
      }),
    ),
    everyMs: 500,
    timeoutMs: 1_000,
  };
}

const listeners = (port: number) => ({
  argv: ["ss", "-Hltnp", `sport = :${port}`] as const,
  asRoot: true,
});

/** `users:(("nginx",pid=1,fd=3))` */
const holderOf = (stdout: string) => {
  const program = /users:\(\("([^"]+)"/.exec(stdout)?.[1];
  return program === undefined ? "" : ` by ${program}`;
};
