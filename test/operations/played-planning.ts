import { backends } from "../../src/backends/registry.ts";
import type { Output } from "../../src/command/command.ts";
import { Failure } from "../../src/errors.ts";
import type { Inventory } from "../../src/inventory/inventory.ts";
import type { Known } from "../../src/model/resources.ts";
import type { Ground } from "../../src/operations/ground.ts";
import type { Planning } from "../../src/plan/planning.ts";
import { toText } from "../../src/plan/text.ts";
import { inventoryOf } from "../inventory-of.ts";

export type Answers = readonly (readonly [pattern: RegExp, answer: Partial<Output> | Failure])[];

/** Plays the hosts: the first pattern that a command meets answers it, or fails. What nobody foresaw is a failing test. */
export function play<Result>(planning: Planning<Result>, answers: Answers): Result {
  let next = planning.next();
  while (!next.done) {
    const said = next.value.map((question): Output | Failure => {
      if (question.kind !== "host") throw new Error(`Only hosts are asked, not ${question.kind}.`);
      const text = `${question.host}: ${toText(question.command)}`;
      const found = answers.find(([pattern]) => pattern.test(text));
      if (!found) throw new Error(`Nobody answers: ${text}`);
      const [, answer] = found;
      return answer instanceof Failure ? answer : { exitCode: 0, stdout: "", stderr: "", ...answer };
    });
    const failed = said.find((each) => each instanceof Failure);
    next = failed ? planning.throw(failed) : planning.next(said as Output[]);
  }
  return next.value;
}

/** Services of this inventory that run where they are at home, each as a unit of its own. */
export async function groundOf(text: string, runsOn?: readonly string[]): Promise<Ground> {
  const inventory: Inventory = await inventoryOf(text);
  const unitOf = (name: string, host: string) =>
    ({
      kind: "unit",
      id: `${host}/systemd/unit/${name}`,
      host,
      backend: "systemd",
      name,
      findings: [],
      seenAt: new Date(0),
      is: [`unit:${name}`],
      uses: [],
      details: { description: "", load: "loaded", active: "active", sub: "running" },
    }) as unknown as Known;
  const services = [...inventory.services.values()].map((service) => {
    const on = runsOn ?? [service.home];
    const host = on[0] ?? service.home;
    const parts = [unitOf(service.runs.name, host)];
    return { id: service.name, service, host, runsOn: on, findings: [], parts };
  });
  const homelab = {
    hosts: [],
    services,
    resources: services.flatMap(({ service }) =>
      [...inventory.hosts.keys()].map((host) => unitOf(service.runs.name, host)),
    ),
  } as unknown as Ground["homelab"];
  const now = new Date("2026-11-21T14:13:00Z");
  return { inventory, backends, homelab, id: "20261121-1413-try-web-x7k2", now };
}
