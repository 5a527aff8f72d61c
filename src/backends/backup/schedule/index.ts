import type { Backend } from "../../contract.ts";
import { records, recordsFolder } from "./probes.ts";

/** What a host does without us, on a schedule that we put there. What it did is told by the services it is about. */
export const schedule: Backend = {
  id: "schedule",
  kind: "backup",
  title: "Schedule",
  looksFor: { programs: [], paths: [recordsFolder] },
  detect: ({ paths }) =>
    paths.has(recordsFolder)
      ? { present: true }
      : { present: false, why: "scrap schedule has put nothing there" },
  probes: () => [records],
  resources: () => [],
};
