import { InDoubt, UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import { type OperationSummary, sayStanding, severityOf, standingOf } from "../journal/standing.ts";
import { toAge } from "../words.ts";
import type { Context, Operations } from "./context.ts";
import { exitCodes, reportEnd } from "./follow-operation.ts";
import { journalWords } from "./journal-words.ts";
import { findOperation } from "./operation-id.ts";
import type { ReadOptions } from "./options.ts";
import { type Format, printDocument, toFormat } from "./output.ts";
import { createStoryTeller } from "./story-teller.ts";
import { drawTable } from "./table.ts";

export interface JournalOptions extends ReadOptions {
  readonly follow?: boolean;
}

/** `scrap journal`, `journal show ID`, `journal verify [ID]`. Resolves with the exit code. */
export async function journal(
  context: Context,
  what: string | undefined,
  word: string | undefined,
  options: JournalOptions,
): Promise<number> {
  const operations = await context.operations(options);
  const format = toFormat(options);
  if (what === undefined) return list(operations.list(), context, format);
  if (what === "verify") {
    const ids = operations.ids();
    return verify(word === undefined ? ids : [findOperation(word, ids)], operations, context, format);
  }
  if (what !== "show")
    throw new UsageError(`scrap journal does not know ${what}${didYouMean(what, journalWords)}`, {
      hint: "scrap journal, scrap journal show ID, or scrap journal verify [ID].",
    });
  if (word === undefined) throw new UsageError("Which operation? scrap journal show ID");
  return show(findOperation(word, operations.ids()), operations, context, options);
}

async function list(
  summaries: readonly OperationSummary[],
  { print, style }: Context,
  format: Format,
): Promise<number> {
  const now = new Date();
  if (format === "json" || format === "yaml")
    print(
      await printDocument({ version: 1, operations: summaries.map((each) => toEntry(each, now)) }, format),
    );
  else if (format === "name") for (const { id } of summaries) print(id);
  else if (summaries.length === 0) print(style.muted("Nothing was done yet."));
  else
    print(
      drawTable(
        summaries.map((summary) => ({
          summary,
          standing: standingOf(summary, now.getTime()),
          ...("operation" in summary ? summary : {}),
        })),
        [
          { title: "ID", cell: ({ summary }) => summary.id, essential: true },
          {
            title: "STATE",
            cell: ({ standing }) => `${style.sign(severityOf(standing))} ${sayStanding(standing)}`,
            essential: true,
          },
          {
            title: "BEGUN",
            cell: ({ operation }) => (operation ? toAge(new Date(operation.startedAt), now) : ""),
          },
          { title: "BY", cell: ({ operation }) => operation?.by.user ?? "" },
          {
            title: "WHAT",
            cell: ({ summary, operation }) =>
              operation?.plan.title ?? ("broken" in summary ? summary.broken : ""),
            flexible: true,
          },
        ],
        style,
      ),
    );
  return summaries.some((summary) => "broken" in summary) ? 1 : 0;
}

function toEntry(summary: OperationSummary, now: Date) {
  const { id } = summary;
  const state = standingOf(summary, now.getTime());
  if ("broken" in summary) return { id, state, message: summary.broken };
  const { plan, by, startedAt, ended } = summary.operation;
  return {
    id,
    state,
    operation: plan.operation,
    title: plan.title,
    services: plan.services,
    hosts: plan.hosts,
    by,
    startedAt,
    endedAt: ended?.at ?? null,
    message: ended?.message ?? null,
  };
}

async function show(
  id: string,
  operations: Operations,
  context: Context,
  { follow, ...options }: JournalOptions,
): Promise<number> {
  const isForPeople = toFormat(options) === "table";
  const teller = createStoryTeller(operations.load(id), context);
  const follower = isForPeople
    ? teller
    : {
        onRecord: (record: object) => context.print(JSON.stringify(record)),
        onOutput: (said: object) => context.print(JSON.stringify({ kind: "output", ...said })),
      };
  if (!follow) {
    for (const record of operations.records(id)) follower.onRecord(record);
    if (isForPeople && !operations.isDriven(id)) reportEnd(id, operations, context);
    return 0;
  }
  const operation = await operations.follow(id, follower, context.interrupted);
  if (context.interrupted.aborted) return 130;
  if (operation?.ended) return exitCodes[operation.ended.outcome];
  reportEnd(id, operations, context);
  return 5;
}

/** The chain of hashes, from the plan to the last line. */
async function verify(
  ids: readonly string[],
  operations: Operations,
  { print, style }: Context,
  format: Format,
): Promise<number> {
  const verdicts = ids.map((id) => {
    try {
      return { id, records: operations.records(id).length };
    } catch (error) {
      if (!(error instanceof InDoubt) && !(error instanceof UsageError)) throw error;
      return { id, broken: error.message };
    }
  });
  if (format === "json" || format === "yaml")
    print(await printDocument({ version: 1, operations: verdicts }, format));
  else
    for (const { id, records, broken } of verdicts)
      print(
        broken === undefined
          ? `${style.sign("ok")} ${id}  ${records} records`
          : `${style.sign("failed")} ${id}  ${broken}`,
      );
  return verdicts.some(({ broken }) => broken !== undefined) ? 5 : 0;
}
