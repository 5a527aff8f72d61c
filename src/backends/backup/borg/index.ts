import type { Backend } from "../../contract.ts";
import { expectExit, unreadable } from "../../parse.ts";
import { defineProbe } from "../../probe.ts";
import { backup } from "./verbs.ts";

const version = defineProbe({
  id: "borg.version",
  question: { argv: ["borg", "--version"] },
  freshMs: 3_600_000,
  sees: "the version of borg",
  parse: (output) => {
    const { stdout } = expectExit(output);
    const found = /^borg ([^\s,]+)/.exec(stdout)?.[1];
    if (found === undefined) throw unreadable("No version of borg", stdout);
    return found;
  },
});

/** Its repositories are asked when somebody wants to know: each answer is a journey to another machine, and takes a secret. */
export const borg: Backend = {
  id: "borg",
  kind: "backup",
  title: "borg",
  looksFor: { programs: ["borg"], paths: [] },
  detect: ({ programs }) =>
    programs.has("borg") ? { present: true } : { present: false, why: "borg is not installed" },
  version,
  probes: () => [],
  resources: () => [],
  backup,
};
