import { standingOf, unfinishedAmong } from "../../journal/standing.ts";
import { fit } from "../text/fit.ts";
import { width as widthOf } from "../text/width.ts";
import type { Look } from "../theme/look.ts";
import type { Scene } from "../view/scene.ts";

/** Whose homelab, how large, and how many things are wrong, on the right, where the eye rests. */
export function drawHeader({ lab, title, view, look, size }: Scene): readonly [string, string] {
  const { paint, signs } = look;
  const { hosts, services } = lab.homelab;
  const name = ` ${paint("title", "SCRAP")}  `;
  const counts = [
    title,
    say(hosts.length, "host"),
    services.length > 0 ? say(services.length, "service") : "",
  ]
    .filter((word) => word !== "")
    .join(look.unicode ? " · " : ", ");
  const right = [
    ...operationCounts(lab, look),
    view.onlyProblems ? paint("warning", "problems only") : "",
    view.paused ? paint("warning", "paused") : "",
    view.readOnly ? paint("muted", "read-only") : paint("accent", "write"),
    ...problemCounts(lab.homelab, look),
  ].filter((word) => word !== "");
  const rightWidth = widthOf(right.join("  "));
  const left = fit(counts, Math.max(0, size.columns - 8 - rightWidth - 3), signs.ellipsis);
  const space = " ".repeat(Math.max(1, size.columns - 8 - widthOf(left) - rightWidth - 1));
  return [`${name}${left}${space}${right.join("  ")}`, drawRule(look, size.columns)];
}

export const drawRule = (look: Look, columns: number): string =>
  ` ${look.paint("border", look.signs.rule.repeat(Math.max(0, columns - 2)))}`;

const say = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** What is changed just now, and what somebody has to look at before anything else. */
function operationCounts({ operations }: Scene["lab"], { paint, signs }: Look): readonly string[] {
  const standings = operations.map((each) => standingOf(each, Date.now()));
  const running = standings.filter((standing) => standing === "running").length;
  const open = unfinishedAmong(operations, Date.now());
  const left = open.length;
  // What was stopped on purpose waits for whoever stopped it.
  const isBad = open.some(({ standing }) => standing !== "stopped");
  return [
    running > 0 ? paint("accent", `${signs.right} ${running} running`) : "",
    left > 0
      ? paint(isBad ? "failed" : "warning", `${isBad ? signs.failed : signs.warning} ${left} unfinished`)
      : "",
  ];
}

/** Of hosts and services: their parts are told by them. */
function problemCounts({ hosts }: Scene["lab"]["homelab"], { paint, signs }: Look): readonly string[] {
  const problems = hosts.flatMap((host) => host.problems);
  const of = (severity: "unknown" | "warning" | "failed") =>
    problems.filter((problem) => problem.severity === severity).length;
  const counts = (["failed", "warning", "unknown"] as const).flatMap((severity) =>
    of(severity) > 0 ? paint(severity, `${signs[severity]} ${of(severity)}`) : [],
  );
  // What was known at the last start is no answer.
  const isAllSeen =
    hosts.length > 0 && hosts.every(({ state, link }) => state !== "unknown" && link.status === "up");
  return counts.length > 0 || !isAllSeen ? counts : [paint("ok", `${signs.ok} all well`)];
}
