import type { Health } from "../backends/contract.ts";
import type { Standing } from "../journal/standing.ts";

const healths: Record<Standing, Health> = {
  running: "ok",
  done: "ok",
  unchanged: "warning",
  refused: "warning",
  "walked-back": "warning",
  stopped: "warning",
  failed: "failed",
  "cut-off": "failed",
  "in-doubt": "failed",
  broken: "failed",
};

export const healthOf = (standing: Standing): Health => healths[standing];
