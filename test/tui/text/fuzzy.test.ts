import { expect, it } from "vitest";
import { fuzzy } from "../../../src/tui/text/fuzzy.ts";

const ranges = (query: string, text: string) => fuzzy(query, text)?.ranges;
const score = (query: string, text: string) => fuzzy(query, text)?.score ?? Number.NEGATIVE_INFINITY;

it.each([
  ["", "anything", []],
  ["nas", "nas", [[0, 3]]],
  ["NAS", "the nas", [[4, 7]]],
  ["mail", "hotmail mail", [[8, 12]]],
  [
    "vms",
    "vps1 mail.service",
    [
      [0, 1],
      [5, 6],
      [10, 11],
    ],
  ],
  [
    "b c",
    "c a b",
    [
      [0, 1],
      [4, 5],
    ],
  ],
  [
    "nas ok",
    "ok nas",
    [
      [0, 2],
      [3, 6],
    ],
  ],
  ["x", "İİ x", [[3, 4]]],
  ["日", "hi 日", [[3, 4]]],
])("finds %j in %j", (query, text, found) => {
  expect(ranges(query, text)).toEqual(found);
});

it.each([
  ["nas", "sna"],
  ["mail nas", "mail"],
  ["aa", "a"],
  ["x", ""],
])("does not find %j in %j", (query, text) => {
  expect(fuzzy(query, text)).toBeUndefined();
});

it("takes letters as close together as they are", () => {
  expect(ranges("abd", "a-b-abcd")).toEqual([
    [4, 6],
    [7, 8],
  ]);
});

it.each([
  ["mail", "mail", "mail-archive-of-the-year"],
  ["mail", "mail-in", "hotmail"],
  ["mail", "hotmail", "mariadb in location"],
  ["nd", "new-disk", "index of things"],
])("ranks for %j: %j before %j", (query, better, worse) => {
  expect(score(query, better)).toBeGreaterThan(score(query, worse));
});
