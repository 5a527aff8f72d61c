import { backends } from "../../src/backends/registry.ts";
import type { Output } from "../../src/command/command.ts";
import type { Ground } from "../../src/operations/ground.ts";
import type { Planning } from "../../src/plan/planning.ts";
import { toText } from "../../src/plan/text.ts";
import { inventoryOf } from "../inventory-of.ts";
import { homelabOf, hostWith, type Units } from "../simple-hosts.ts";

/** What hosts answer to commands that begin so: standard output, or an exit code. The first that fits. */
export type Answers = readonly (readonly [beginning: string, answer: string | number])[];

/** Plans with played hosts. A question that nobody thought of is an error. */
export function play<Result>(planning: Planning<Result>, answers: Answers): Result {
  let next = planning.next();
  while (!next.done)
    next = planning.next(
      next.value.map((question): Output => {
        if (question.kind !== "host") throw new Error(`Nobody plays a ${question.kind}.`);
        const text = toText(question.command);
        const found = answers.find(([beginning]) => text.startsWith(beginning));
        if (!found) throw new Error(`Nobody answers on ${question.host}: ${text}`);
        const [, answer] = found;
        return typeof answer === "number"
          ? { exitCode: answer, stdout: "", stderr: "it said no" }
          : { exitCode: 0, stdout: answer, stderr: "" };
      }),
    );
  return next.value;
}

/** What is known of one host with these units, of an inventory. */
export async function groundOf(inventory: string, units: Units): Promise<Ground> {
  return {
    inventory: await inventoryOf(inventory),
    backends,
    homelab: await homelabOf(inventory, [hostWith("vps1", units)]),
    id: "20261121-1413-snapshot-web-x7k2",
    now: new Date("2026-11-21T14:13:20Z"),
  };
}
