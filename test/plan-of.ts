import type { Plan } from "../src/plan/plan.ts";

/** A plan to upgrade web, unless it is said otherwise. */
export const planOf = (more: Partial<Plan>): Plan => ({
  format: 1,
  id: "20261121-1412-upgrade-web-x7k2",
  operation: "upgrade",
  title: "Upgrade web",
  madeAt: "2026-11-21T14:12:00Z",
  services: ["web"],
  hosts: [],
  basis: [],
  onFailure: "walk-back",
  steps: [],
  notes: [],
  ...more,
});
