import { createInterface } from "node:readline/promises";
import { Refused, UsageError } from "../errors.ts";
import { type Copy, listCopies } from "../operations/copies.ts";
import { toAge, toSize } from "../words.ts";
import type { Context } from "./context.ts";
import { type OperateOptions, operate } from "./operate.ts";
import { drawTable } from "./table.ts";

export interface RestoreWords {
  readonly from?: string;
  readonly to?: string;
  readonly drill?: boolean;
}

/** `scrap restore SERVICE`. Which copy is a person's choice: at a terminal from a list, else `--from` has to say it. */
export async function restore(
  context: Context,
  name: string,
  options: OperateOptions & RestoreWords,
): Promise<number> {
  const isAsked = options.from === undefined && context.isTTY && process.stdin.isTTY;
  const from = isAsked ? await choose(context, name, options) : options.from;
  const { to, drill } = options;
  return operate(
    context,
    {
      verb: "restore",
      name,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(drill ? { drill } : {}),
    },
    options,
  );
}

async function choose(
  context: Context,
  name: string,
  options: OperateOptions & RestoreWords,
): Promise<string> {
  const inventory = await context.loadInventory({ ...options, silently: true });
  const service = inventory.services.get(name);
  if (!service) throw new UsageError(`No service is named ${name}.`);
  const operations = await context.operations(options);
  const session = await context.open(inventory, options);
  try {
    const { copies, unknown } = await operations.ask(
      listCopies(service, options.to ?? service.home, session),
      session,
    );
    for (const why of unknown) context.complain(`scrap: ${why}`);
    if (copies.length === 0) throw new Refused(`There is no copy of ${name}.`);
    context.print(drawCopies(copies, context));
    const number = await ask(context, `Which one? [1-${copies.length}] `);
    const chosen = /^\d+$/.test(number) ? copies[Number(number) - 1] : undefined;
    if (!chosen) throw new Refused("Nothing was chosen.");
    return chosen.id;
  } finally {
    await session.close();
  }
}

function drawCopies(copies: readonly Copy[], { style }: Context): string {
  const now = new Date();
  return drawTable(
    copies.map((copy, index) => ({ copy, number: `${index + 1}` })),
    [
      { title: "", cell: ({ number }) => number, align: "right", essential: true },
      { title: "WHEN", cell: ({ copy }) => copy.at.toISOString().slice(0, 16).replace("T", " ") },
      { title: "AGE", cell: ({ copy }) => toAge(copy.at, now), essential: true },
      { title: "SIZE", cell: ({ copy }) => toSize(copy.sizeBytes), align: "right" },
      { title: "HOST", cell: ({ copy }) => copy.host },
      {
        title: "KIND",
        cell: ({ copy }) =>
          copy.kind === "snapshot" ? "snapshot" : `backup in ${copy.store.repository.name}`,
      },
      { title: "", cell: ({ copy }) => copy.consistency ?? "" },
      { title: "ID", cell: ({ copy }) => copy.id, flexible: true },
    ],
    style,
  );
}

async function ask({ interrupted }: Context, question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await reader.question(question, { signal: interrupted })).trim();
  } catch {
    return "";
  } finally {
    reader.close();
  }
}
