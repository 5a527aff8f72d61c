import type { Unfinished } from "../journal/unfinished.ts";
import type { Homelab, KnownHost } from "../model/homelab.ts";
import { sayProblem, usedMemory } from "../model/hosts.ts";
import { toAge, toDuration, toOneLine, toPercent, withoutName } from "../words.ts";
import type { Style } from "./style.ts";
import { drawTable } from "./table.ts";

/**
 * One line a host with its worst problem, then the problems, operations that need somebody first, then what stays
 * unseen. The lines of hosts after the first `rows` are empty: laying out what nobody sees takes the time of what
 * somebody does.
 */
export function drawStatus(
  homelab: Homelab,
  style: Style,
  now: Date,
  rows = Number.POSITIVE_INFINITY,
  unfinished: readonly Unfinished[] = [],
): string {
  const hidden = "\n".repeat(Math.max(0, homelab.hosts.length - rows));
  const parts = [
    drawHosts(homelab.hosts.slice(0, rows), style, now) + hidden,
    drawProblems(homelab.hosts, unfinished, style, now),
    drawResting(homelab, style),
    drawUnseen(homelab.hosts, style),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function drawHosts(hosts: readonly KnownHost[], style: Style, now: Date): string {
  return drawTable(
    hosts,
    [
      { title: "HOST", cell: (host) => host.name, essential: true },
      {
        title: "STATE",
        cell: (host) => `${style.sign(host.state)} ${style.paint(host.state, worstOf(host))}`,
        flexible: true,
        essential: true,
      },
      { title: "LOAD", cell: ({ facts }) => facts.load?.[0].toFixed(2) ?? "", align: "right" },
      { title: "MEM", cell: ({ facts }) => toPercent(usedMemory(facts)), align: "right" },
      {
        title: "UP",
        cell: ({ facts }) => (facts.uptimeMs === undefined ? "" : toDuration(facts.uptimeMs)),
        align: "right",
      },
      { title: "SEEN", cell: ({ seenAt }) => toAge(seenAt, now) },
    ],
    style,
  );
}

function worstOf({ name, state, problems, link, seenAt }: KnownHost): string {
  const [worst, ...others] = problems;
  if (!worst) return state === "unknown" ? progressOf(link, seenAt) : state;
  const more = others.length > 0 ? ` (+${others.length})` : "";
  if (state === "unreachable") return `unreachable: ${withoutName(worst.message, name)}`;
  return `${cut(sayProblem(worst))}${more}`;
}

/** While it is watched: the answers are still to come. */
const progressOf = (link: KnownHost["link"], seenAt: Date | undefined) =>
  link.status !== "up" ? "connecting" : seenAt ? "asking" : "connected";

/** The whole of it stands below, among the problems. */
const cut = (text: string) => (text.length > 72 ? `${text.slice(0, 71)}…` : text);

function drawProblems(
  hosts: readonly KnownHost[],
  unfinished: readonly Unfinished[],
  style: Style,
  now: Date,
): string {
  const rows = hosts.flatMap((host) => host.problems.map((problem) => ({ host, problem })));
  if (rows.length + unfinished.length === 0) return "";
  const lines = rows.map(({ host: { name }, problem }) => {
    const { kind, severity, message } = problem;
    const what = kind === "host" ? withoutName(message, name) : sayProblem(problem);
    const whose = kind === "host" || kind === "probe" ? "" : `${kind} `;
    return `${style.sign(severity)} ${style.strong(name)}  ${whose}${what}`;
  });
  const first = unfinished.flatMap((operation) => drawUnfinished(operation, style, now));
  return [style.muted("PROBLEMS"), ...first, ...lines].join("\n");
}

function drawResting({ services }: Homelab, style: Style): string {
  const lines = services.flatMap(({ service, host, rest }) =>
    rest === undefined ? [] : `${style.sign("ok")} ${style.strong(host)}  service ${service.name}: ${rest}`,
  );
  return lines.length === 0 ? "" : [style.muted("STOPPED"), ...lines].join("\n");
}

/** What to do about it stands below it. */
function drawUnfinished(
  { id, title, message, word, at }: Unfinished,
  style: Style,
  now: Date,
): readonly string[] {
  const [first = ""] = message.split("\n");
  const when = at ? style.muted(` (${toAge(at, now)})`) : "";
  const hints = {
    broken: `scrap journal verify ${id}`,
    stopped: `scrap resume ${id}, or to go back: scrap cancel ${id}`,
    "cut-off": `scrap resume ${id}`,
    "in-doubt": `scrap resume ${id}`,
  };
  return [
    `${style.sign(word === "stopped" ? "warning" : "failed")} ${style.strong(title)}  ${words[word]}${toOneLine(first)}${when}`,
    style.muted(`  ${hints[word]}`),
  ];
}

const words = {
  "cut-off": "",
  stopped: "stopped half way: ",
  "in-doubt": "in doubt: ",
  broken: "its journal cannot be read: ",
};

function drawUnseen(hosts: readonly KnownHost[], style: Style): string {
  const lines = hosts
    .filter(({ unseen }) => unseen.length > 0)
    .map(({ name, unseen }) => {
      const things = unseen.length === 1 ? "1 thing" : `${unseen.length} things`;
      return `${style.sign("unknown")} ${style.strong(name)}  ${things} not seen without root: scrap doctor ${name}`;
    });
  return lines.length === 0 ? "" : [style.muted("UNSEEN"), ...lines].join("\n");
}
