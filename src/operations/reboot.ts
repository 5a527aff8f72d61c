import type { Check, Step } from "../plan/plan.ts";
import { learn, type Planning } from "../plan/planning.ts";

const bootId = "/proc/sys/kernel/random/boot_id";

/** $1 is the boot id of before; $2 is the file that says that a reboot is needed, or nothing when it is in any case. */
const isRebooted = `[ "$(cat ${bootId})" != "$1" ] || [ "$(systemctl is-system-running)" = stopping ] || { [ -n "$2" ] && ! [ -e "$2" ]; }`;

const flag = "/run/reboot-required";

/**
 * Starts a host anew and waits until it is back; left out where the host says that it needs none, unless `always`.
 * While it is away nobody is told anything of it but that.
 */
export function* rebootSteps(host: string, always: boolean): Planning<readonly Step[]> {
  const before = yield* learn(host, { argv: ["cat", bootId] });
  const done: Check = {
    kind: "command",
    title: always ? `${host} was started anew` : `${host} was started anew, or need not be`,
    host,
    command: { argv: ["sh", "-c", isRebooted, "sh", before, always ? "" : flag] },
    expect: { exitCode: 0 },
  };
  return [
    {
      kind: "run",
      id: "reboot",
      title: `Start ${host} anew`,
      host,
      command: { argv: ["systemctl", "--no-block", "reboot"], asRoot: true },
      effect: "interrupts",
      done,
      timeoutMs: 120_000,
      downMs: 60_000,
    },
    {
      kind: "wait",
      id: "back",
      title: `Wait for ${host} to be back`,
      effect: "reads",
      host,
      until: [
        {
          kind: "command",
          title: `${host} has started`,
          host,
          // A failed unit is somebody else's business: it may have failed before, too.
          command: { argv: ["systemctl", "is-system-running"] },
          expect: { stdoutMatches: "^(running|degraded)$" },
        },
      ],
      everyMs: 2_000,
      timeoutMs: 600_000,
    },
  ];
}

const seesNone = `! [ -e ${flag} ] || { echo "to finish them: scrap upgrade --host $1 --reboot"; false; }`;

/** A warning when the host wants to be started anew. */
export const seeNoReboot = (host: string): Step => ({
  kind: "wait",
  id: "no-reboot",
  title: `See that ${host} need not be started anew for its updates`,
  effect: "reads",
  host,
  until: [
    {
      kind: "command",
      title: `there is no ${flag}`,
      host,
      command: { argv: ["sh", "-c", seesNone, "sh", host] },
      expect: { exitCode: 0 },
    },
  ],
  everyMs: 500,
  timeoutMs: 1_000,
  optional: true,
});
