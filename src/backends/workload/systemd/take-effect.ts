import { type Command, command } from "../../../command/command.ts";
import type { Check, RunStep, Step } from "../../../plan/plan.ts";
import type { Planning } from "../../../plan/planning.ts";
import type { Resource } from "../../resource.ts";
import type { Placement, TakingEffect, WhyNot, Wish } from "../../verbs.ts";
import { asUser } from "../users.ts";
import { isInState, show, systemctl, timeoutMs } from "./lifecycle.ts";
import { goneUnits, type OwnUnit, ownUnits } from "./unit-files.ts";
import { askUnits, type UnitState } from "./unit-states.ts";

/** Reads the units anew, enables those that want it, and starts again what changed, the service always. */
export function* takeEffect(
  wish: Wish,
  placement: Placement,
  changed: readonly string[],
  host: string,
  gone: readonly string[],
): Planning<TakingEffect | WhyNot> {
  const { owner, main } = wish;
  const own = ownUnits(placement, changed);
  const over = goneUnits(wish, placement, gone);
  const names = new Set([main.name, ...own.map(({ unit }) => unit), ...over]);
  const states = yield* askUnits(host, main, [...names]);
  if (!states)
    return {
      whyNot: `systemd${owner ? ` of ${owner.user.name}` : ""} does not answer on ${host}.`,
      ...(owner ? { hint: `It is kept up by: loginctl enable-linger ${owner.user.name}` } : {}),
    };
  const isActive = (unit: string) => states.get(unit)?.active === "active";
  const toEnable = own
    .filter(({ unit, isMade, isWanted }) => isWanted && !isMade && states.get(unit)?.enabled !== "enabled")
    .map(({ unit }) => unit);
  const others = own
    .filter((each) => each.unit !== main.name && isDue(each, own, isActive))
    .map(({ unit }) => unit);
  const units = [main.name, ...others];
  const state = states.get(main.name);
  const run = createRun(main, host);
  return {
    quit: over.flatMap((unit, index) => quit(unit, states.get(unit), index + 1, run, main, host)),
    isInPlace:
      isActive(main.name) && toEnable.length === 0 && others.length === 0 && state?.isOutdated !== true,
    check: [
      run("reload", "Let systemd read its units", ["daemon-reload"], { again: "safe", undo: [] }),
      seeLoaded(main, host, own),
      ...toEnable.map((unit, index) => enable(unit, index, run, main, host)),
    ],
    switchOver: [
      {
        ...run("switch", `${isActive(main.name) ? "Restart" : "Start"} ${units.join(", ")}`, [
          "restart",
          "--",
          ...units,
        ]),
        again: "safe",
        ...(isActive(main.name)
          ? { effect: "interrupts", downMs: 2_000, done: isAnew(main, host, state) }
          : { done: isInState(main, host, "active") }),
        undo: [
          {
            ...run("switch-back", `Stop ${units.join(", ")}`, ["stop", "--", ...units]),
            done: isInState(main, host, "inactive|failed"),
          },
        ],
      },
    ],
    revive: [
      run("reload-back", "Let systemd read its units as they were", ["daemon-reload"], { again: "safe" }),
      ...(isActive(main.name)
        ? [
            {
              ...run("forgive", "Forget how often the new one failed", ["reset-failed", "--", ...units]),
              again: "safe" as const,
              // 1: one of them is unknown by now.
              okExitCodes: [0, 1],
            },
            {
              ...run("start-back", `Start ${main.name} as it was`, [
                "start",
                "--",
                ...units.filter(isActive),
              ]),
              again: "safe" as const,
              done: isInState(main, host, "active"),
            },
          ]
        : []),
    ],
  };
}

/** What a changed file is about, where that runs or wants to; and what waits for something and does not run. */
function isDue(
  { unit, isChanged, isWanted }: OwnUnit,
  all: readonly OwnUnit[],
  isActive: (unit: string) => boolean,
) {
  if (/\.(?:timer|socket|path)$/.test(unit)) return isWanted && (isChanged || !isActive(unit));
  const stem = unit.replace(/\.\w+$/, "");
  const isTriggered = all.some(
    (other) => /\.(?:timer|socket|path)$/.test(other.unit) && other.unit.startsWith(`${stem}.`),
  );
  return isChanged && !isTriggered && (isWanted || isActive(unit));
}

/** Stopped and not started at boot any more: without its file systemd would not know how. */
function quit(
  unit: string,
  state: UnitState | undefined,
  nth: number,
  run: Run,
  main: Resource,
  host: string,
): readonly Step[] {
  const again = "safe";
  const reload = run(`quit-reload-${nth}`, "Let systemd read its units", ["daemon-reload"], { again });
  const start = run(`quit-back-${nth}`, `Start ${unit} again`, ["start", "--", unit], { again });
  const enable = run(`disable-back-${nth}`, `Have ${unit} started at boot`, ["enable", "--", unit], {
    again,
  });
  return [
    ...(state?.active === "active"
      ? [
          {
            ...run(`quit-${nth}`, `Stop ${unit}, which is not declared any more`, ["stop", "--", unit], {
              undo: [reload, start],
            }),
            effect: "interrupts" as const,
            done: isInState({ ...main, name: unit }, host, "inactive|failed"),
          },
        ]
      : []),
    ...(state?.enabled === "enabled"
      ? [
          run(`disable-${nth}`, `Not have ${unit} started at boot`, ["disable", "--", unit], {
            again,
            undo: [enable],
          }),
        ]
      : []),
  ];
}

type Run = ReturnType<typeof createRun>;

const createRun =
  (main: Resource, host: string) =>
  (
    id: string,
    title: string,
    args: readonly string[],
    more: Pick<RunStep, "again" | "undo"> = {},
  ): RunStep => ({
    kind: "run",
    id,
    title,
    effect: "changes",
    host,
    command: systemctl(main, ...args),
    timeoutMs,
    ...more,
  });

/** Another run than that of before, which is gone from memory when it was stopped meanwhile. */
const isAnew = (main: Resource, host: string, state: UnitState | undefined): Check => ({
  kind: "command",
  title: `${main.name} was started anew`,
  host,
  command: show(main, "InvocationID"),
  expect: { stdoutMatches: `^(?!${state?.invocation})[0-9a-f]{32}$` },
});

function enable(unit: string, index: number, run: Run, main: Resource, host: string): Step {
  const isEnabled: Check = {
    kind: "command",
    title: `${unit} is enabled`,
    host,
    command: systemctl(main, "is-enabled", "--", unit),
    expect: { stdoutMatches: "^(enabled|static|alias|indirect)$" },
  };
  return {
    ...run(`enable-${index + 1}`, `Have ${unit} started at boot`, ["enable", "--", unit], { again: "safe" }),
    done: isEnabled,
    undo: [
      run(`enable-back-${index + 1}`, `Not have ${unit} started at boot`, ["disable", "--", unit], {
        again: "safe",
      }),
    ],
  };
}

/** A file with a mistake in it makes no unit: that is seen before anything is stopped. */
function seeLoaded(main: Resource, host: string, own: readonly OwnUnit[]): Step {
  const isMade = own.some(({ unit, isMade }) => isMade && unit === main.name);
  return {
    kind: "wait",
    id: "loaded",
    title: `See that systemd understands ${main.name}`,
    effect: "reads",
    host,
    until: [
      {
        kind: "command",
        title: `${main.name} is loaded`,
        host,
        command: show(main, "LoadState"),
        expect: { stdout: "loaded" },
      },
    ],
    everyMs: 200,
    timeoutMs: 1_000,
    explain: { host, command: isMade ? generate(main) : show(main, "LoadError") },
  };
}

/** What podman's generator complains of. */
const generate = ({ owner }: Resource): Command =>
  owner
    ? asUser(owner, "/usr/lib/systemd/user-generators/podman-user-generator", "--dryrun", "--user")
    : { ...command("/usr/lib/systemd/system-generators/podman-system-generator", "--dryrun"), asRoot: true };
