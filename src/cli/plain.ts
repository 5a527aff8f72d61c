import type { Unfinished } from "../journal/unfinished.ts";
import type { Homelab } from "../model/homelab.ts";
import type { Problem } from "../model/hosts.ts";
import { shortName } from "../model/resources.ts";
import { toOneLine } from "../words.ts";
import type { Context, Session } from "./context.ts";
import { drawStatus } from "./status.ts";
import type { Style } from "./style.ts";

/** For screen readers and terminals that cannot be drawn on: the status once, then a line for each change. Until ctrl-c. */
export async function watchPlainly(
  context: Context,
  session: Session,
  hosts: readonly string[],
  seconds: number,
  unfinished: readonly Unfinished[],
): Promise<number> {
  await session.once(hosts, Math.max(seconds, 10) * 1000);
  let before = session.read(hosts);
  context.print(drawStatus(before, context.style, new Date(), hosts.length, unfinished));
  session.watch(hosts, seconds * 1000, context.interrupted);
  const tell = () => {
    const after = session.read(hosts);
    for (const change of changesBetween(before, after, context.style))
      context.print(`${new Date().toTimeString().slice(0, 8)} ${change}`);
    before = after;
  };
  await eachChange(session, context.interrupted, tell);
  return 130;
}

/** Once a second at most: what comes and goes within is not worth a line. */
async function eachChange(session: Session, until: AbortSignal, act: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const stop = session.subscribe(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      act();
    }, 1000);
  });
  if (!until.aborted)
    await new Promise((resolve) => {
      until.addEventListener("abort", resolve, { once: true });
    });
  clearTimeout(timer);
  stop();
}

/** A line for each problem that came, grew worse or went. What it says may change with the time: that is no news. */
export function changesBetween(before: Homelab, after: Homelab, style: Style): readonly string[] {
  const [old, now] = [problemsOf(before), problemsOf(after)];
  const came = [...now].filter(([key, { problem }]) => old.get(key)?.problem.severity !== problem.severity);
  const went = [...old].filter(([key]) => !now.has(key));
  return [
    ...came.map(([, { host, problem }]) => `${host}: ${style.sign(problem.severity)} ${sayProblem(problem)}`),
    ...went.map(([, { host, problem }]) => `${host}: ${style.sign("ok")} over: ${sayProblem(problem)}`),
  ];
}

function sayProblem({ severity, kind, resource, message }: Problem): string {
  const thing = kind === "host" || kind === "probe" ? "" : `${kind} ${shortName(resource)}: `;
  return toOneLine(`${severity}: ${thing}${message}`);
}

function problemsOf({ hosts }: Homelab) {
  return new Map(
    hosts.flatMap((host) =>
      host.problems.map((problem) => [
        `${host.name} ${problem.kind} ${problem.resource}`,
        { host: host.name, problem },
      ]),
    ),
  );
}
