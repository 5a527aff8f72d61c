import { readFile, stat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { Refused, UsageError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { parsePlan } from "../plan/parse-plan.ts";
import { hostOf, type Plan } from "../plan/plan.ts";
import type { Context, Operations } from "./context.ts";
import { exitCodes } from "./follow-operation.ts";
import { carryOut, type OperateOptions, showDry } from "./operate.ts";
import { goOn } from "./resume.ts";

const mostBytes = 16 * 1024 * 1024;

/** `scrap apply PLAN.json`: carries out a plan that was kept, as it was shown. Resolves with the exit code. */
export async function apply(context: Context, file: string, options: OperateOptions): Promise<number> {
  const plan = parsePlan(await readPlan(file), file);
  if (options.dryRun) return showDry(plan, context, options);
  const operations = await context.operations(options);
  if (operations.ids().includes(plan.id)) return again(plan, operations, context, options);
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  expectHosts(plan, inventory);
  return carryOut(plan, inventory, context, options);
}

async function readPlan(file: string): Promise<unknown> {
  try {
    if ((await stat(file)).size > mostBytes) throw new Error("it is too large for a plan");
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, {
      hint: "Plans are made with --dry-run --out FILE.",
    });
  }
}

/** It was begun already: that operation goes on, and none is begun twice. */
async function again(
  plan: Plan,
  operations: Operations,
  context: Context,
  options: OperateOptions,
): Promise<number> {
  const { plan: begun, ended } = operations.load(plan.id);
  if (!isDeepStrictEqual(begun, plan))
    throw new Refused(`${plan.id} was begun already, with another plan than this one.`, {
      hint: `scrap journal show ${plan.id}`,
    });
  if (ended && exitCodes[ended.outcome] === 4)
    throw new Refused(`${plan.title} was tried already, and nothing came of it: ${ended.message}`, {
      hint: "Plan it again.",
    });
  return goOn(plan.id, [], operations, context, options);
}

/** The inventory may be another one than that of the plan. */
function expectHosts({ hosts, steps }: Plan, inventory: Inventory): void {
  for (const name of new Set([...hosts, ...steps.flatMap((step) => hostOf(step) ?? [])])) {
    const host = inventory.hosts.get(name);
    if (!host) throw new UsageError(`The inventory has no host ${name}, which the plan is about.`);
    if (host.protected && hosts.includes(name))
      throw new Refused(`${name} is protected: it is never changed.`, {
        hint: "`protected: true` in the inventory says so.",
      });
  }
}
