import { writeFile } from "node:fs/promises";
import { Refused, UsageError } from "../errors.ts";
import { hostsFor, type Request } from "../operations/operations.ts";
import { type Plan, worstEffect } from "../plan/plan.ts";
import { askConsent } from "./consent.ts";
import type { Context } from "./context.ts";
import { followToEnd } from "./follow-operation.ts";
import type { ReadOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import { drawPlan } from "./plan-text.ts";

export interface OperateOptions extends ReadOptions {
  readonly dryRun?: boolean;
  /** The file that keeps the plan. */
  readonly out?: string;
  readonly yes?: boolean;
  readonly confirm?: readonly string[];
}

/** Plans what was asked for, shows it, and carries it out once there is consent. Resolves with the exit code. */
export async function operate(context: Context, request: Request, options: OperateOptions): Promise<number> {
  const operations = await context.operations(options);
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  const session = await context.open(inventory, options);
  let plan: Plan;
  try {
    plan = await operations.plan(request, {
      session,
      hosts: hostsFor(request, inventory),
      timeoutMs: options.timeout * 1000,
    });
  } finally {
    await session.close();
  }
  if (options.out !== undefined) await keep(plan, options.out);
  if (options.dryRun) return showDry(plan, context, options);
  return carryOut(plan, inventory, context, options);
}

/** From consent to the exit code. */
export async function carryOut(
  plan: Plan,
  inventory: Awaited<ReturnType<Context["loadInventory"]>>,
  context: Context,
  options: OperateOptions,
): Promise<number> {
  const isForPeople = toFormat(options) === "table";
  if (plan.steps.length === 0) {
    await show(plan, context, options);
    return 0;
  }
  if (isForPeople) context.print(drawPlan(plan, context.style, options.output === "wide"));
  if (worstEffect(plan) !== "reads") await askConsent(plan, context, options);
  const operations = await context.operations(options);
  await operations.start(plan, inventory);
  return followToEnd(plan.id, operations, context, options);
}

/** Shows a plan and changes nothing. Resolves with the exit code: is there something to do? */
export async function showDry(plan: Plan, context: Context, options: OperateOptions): Promise<number> {
  await show(plan, context, options);
  return plan.steps.length === 0 ? 0 : 8;
}

async function show(plan: Plan, context: Context, options: OperateOptions): Promise<void> {
  const format = toFormat(options);
  if (format === "name") throw new UsageError("A plan is printed as a table, as json or as yaml.");
  context.print(
    format === "table"
      ? drawPlan(plan, context.style, options.output === "wide")
      : await printDocument(plan, format),
  );
}

async function keep(plan: Plan, file: string): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(plan, null, 2)}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST")
      throw new Refused(`${file} is there already.`, { hint: "Plans are never written over one another." });
    throw new UsageError(`${file} cannot be written: ${message}`);
  }
}
