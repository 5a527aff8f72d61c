import type { Backend } from "../../contract.ts";
import { expectExit, unreadable } from "../../parse.ts";
import { defineProbe } from "../../probe.ts";
import { backup } from "./verbs.ts";

const version = defineProbe({
  id: "restic.version",
  question: { argv: ["restic", "version"] },
  freshMs: 3_600_000,
  sees: "the version of restic",
  parse: (output) => {
    const { stdout } = expectExit(output);
    const found = /^restic ([^\s,]+)/.exec(stdout)?.[1];
    if (found === undefined) throw unreadable("No version of restic", stdout);
    return found;
  },
});

/** Its repositories are asked when somebody wants to know: each answer is a journey to another machine, and takes a secret. */
export const restic: Backend = {
  id: "restic",
  kind: "backup",
  title: "restic",
  looksFor: { programs: ["restic"], paths: [] },
  detect: ({ programs }) =>
    programs.has("restic") ? { present: true } : { present: false, why: "restic is not installed" },
  version,
  probes: () => [],
  resources: () => [],
  backup,
};
