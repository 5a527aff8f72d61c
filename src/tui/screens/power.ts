import type { Known } from "../../model/resources.ts";
import { toDuration, toPercent } from "../../words.ts";
import type { Lab } from "../view/lab.ts";
import { nameOf, seenColumn, stateColumn, toRow } from "./cells.ts";
import { defineList, type List } from "./list.ts";

/** The hosts that go dark with it, as the inventory has it. */
export const fedBy = (ups: Known<"ups">, lab: Lab): readonly string[] =>
  [...lab.hosts.keys()].filter((host) => lab.placeOf(host).power === ups.name);

const perDay = { day: 1, week: 7, month: 30, year: 365 };

/** What tolerates most goes first, and the host that asks the UPS goes last: without it nobody knows when to stop. */
export function shutdownOrder(
  ups: Known<"ups">,
  lab: Lab,
): readonly { readonly name: string; readonly why: string }[] {
  const hosts = fedBy(ups, lab).map((name) => {
    const services = lab.servicesOn(name);
    const shares = services.flatMap(({ service: { sla } }) =>
      sla?.downtimeMs === undefined ? [] : sla.downtimeMs / perDay[sla.downtimePer ?? "month"],
    );
    const strictest = shares.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...shares);
    const count = `${services.length} ${services.length === 1 ? "service" : "services"}`;
    const isLast = name === ups.host;
    const budget = shares.length === 0 ? "" : `, may be down ${toDuration(strictest * 30)} a month`;
    return { name, strictest, isLast, why: `${count}${budget}${isLast ? ", asks this UPS" : ""}` };
  });
  return hosts.toSorted(
    (a, b) =>
      Number(a.isLast) - Number(b.isLast) ||
      (a.strictest < b.strictest ? 1 : a.strictest > b.strictest ? -1 : 0),
  );
}

/** NUT's status tokens in words, those that matter first. */
const words: readonly (readonly [token: string, words: string])[] = [
  ["FSD", "shutting down"],
  ["LB", "battery low"],
  ["OB", "on battery"],
  ["OFF", "off"],
  ["BYPASS", "on bypass"],
  ["OVER", "overloaded"],
  ["RB", "battery must be replaced"],
  ["OL", "on line"],
  ["CHRG", "charging"],
  ["DISCHRG", "discharging"],
  ["CAL", "calibrating"],
];

export const sayStatus = (status: readonly string[]): string =>
  words.flatMap(([token, text]) => (status.includes(token) ? text : [])).join(", ") || status.join(" ");

export const power: readonly List[] = [
  defineList<Known<"ups">>({
    id: "power.ups",
    title: "UPSes",
    rows: (lab) => lab.resources("ups"),
    toRow,
    empty: "No UPS was seen.",
    columns: [
      { title: "UPS", cell: nameOf, rank: 0 },
      stateColumn(({ details }: Known<"ups">) => sayStatus(details.status)),
      {
        title: "CHARGE",
        cell: ({ details }) => toPercent(details.chargeRatio),
        by: ({ details }) => details.chargeRatio,
        align: "right",
        rank: 1,
      },
      {
        title: "RUNTIME",
        cell: ({ details: { runtimeMs } }) => (runtimeMs === undefined ? "" : toDuration(runtimeMs)),
        by: ({ details }) => details.runtimeMs,
        align: "right",
        rank: 1,
      },
      {
        title: "LOAD",
        cell: ({ details }) => toPercent(details.loadRatio),
        by: ({ details }) => details.loadRatio,
        align: "right",
        rank: 2,
      },
      { title: "FEEDS", cell: (item, lab) => fedBy(item, lab).join(" "), rank: 2 },
      { title: "ASKED ON", cell: ({ host }) => host, rank: 3 },
      { title: "MODEL", cell: ({ details }) => details.model ?? "", rank: 4 },
      seenColumn,
    ],
  }),
];
