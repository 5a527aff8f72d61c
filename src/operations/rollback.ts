import { Refused } from "../errors.ts";
import type { Plan } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { changeVersion, type Watching } from "./change-version.ts";
import type { Ground } from "./ground.ts";
import { keepData, nothingKept, returnData } from "./keep-data.ts";
import { findPins, placeOf } from "./pins.ts";
import { findService } from "./target.ts";

export interface RollbackRequest {
  readonly verb: "rollback";
  readonly name: string;
  /** The upgrade that is taken back: the newest that was done. */
  readonly of: Plan | undefined;
  /** The data too, as it was before that upgrade. */
  readonly withData?: boolean;
  readonly watching?: Partial<Watching>;
}

const usual: Watching = { withinMs: 120_000, soakMs: 60_000 };

/**
 * Takes an upgrade back, as a plan of its own. The data stays as it is, because what was written since would be gone from
 * it; `withData` brings the old data back and keeps the present beside it. When it fails, all is as it was before it.
 */
export function* planRollback(
  { name, of, withData, watching = {} }: RollbackRequest,
  ground: Ground,
): Planning<Plan> {
  const target = findService(name, ground);
  const { service, host } = target;
  if (!of)
    throw new Refused(`There is no upgrade of ${name} in the journal that could be taken back.`, {
      hint: "scrap journal lists what was done from here.",
    });
  const pins = yield* findPins(service, ground);
  const [pin] = pins;
  const edit = of.steps.find((step) => step.kind === "edit" && step.file === pin.file);
  if (edit?.kind !== "edit") throw new Refused(`${of.id} changed no version in ${pin.file}.`);
  const bare = (text: string) => text.replaceAll(/^"|"$/g, "");
  if (bare(edit.becomes) !== pin.version)
    throw new Refused(
      `${placeOf(pin)} says ${pin.version}, and the last upgrade of ${name} went to ${bare(edit.becomes)}.`,
      {
        hint: `Somebody changed it since. scrap journal show ${of.id}`,
      },
    );
  const to = bare(edit.was);
  const hasData = service.data.length > 0;
  const data = !hasData
    ? nothingKept
    : withData
      ? yield* returnData(target, of.id, ground)
      : yield* keepData(target, ground);
  const stays =
    hasData && !withData
      ? [`The data stays as ${pin.version} made it; --with-data brings back that of before the upgrade.`]
      : [];
  const title = `Take ${name} on ${host} back from ${pin.version} to ${to}${withData ? ", with its data" : ""}`;
  return yield* changeVersion(
    {
      operation: "rollback",
      title,
      target,
      pins,
      to,
      data,
      watching: { ...usual, ...watching },
      notes: [`Takes back ${of.id}.`, ...stays],
    },
    ground,
  );
}
