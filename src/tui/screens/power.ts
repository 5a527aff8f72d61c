import type { Known } from "../../model/resources.ts";
import { toDuration, toPercent } from "../../words.ts";
import type { Lab } from "../view/lab.ts";
import { ageCell, nameOf, stateCell, toRow } from "./cells.ts";
import { defineList, type List } from "./list.ts";

/** The hosts that go dark with it, as the inventory has it. */
export const fedBy = (ups: Known<"ups">, lab: Lab): readonly string[] =>
  [...lab.hosts.keys()].filter((host) => lab.placeOf(host).power === ups.name);

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
      {
        title: "STATE",
        cell: (item) => stateCell(item.health, item.reason ?? sayStatus(item.details.status)),
        by: ({ health }) => (health === "ok" ? 1 : 0),
        flexible: true,
        rank: 0,
      },
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
      { title: "SEEN", cell: ({ seenAt }) => ageCell(seenAt), rank: 1 },
    ],
  }),
];
