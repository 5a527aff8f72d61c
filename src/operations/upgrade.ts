import type { Plan } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { changeVersion, type Watching } from "./change-version.ts";
import { chooseVersion, type Wanted } from "./choose-version.ts";
import type { Ground } from "./ground.ts";
import { keepData, nothingKept } from "./keep-data.ts";
import { findPins, placeOf } from "./pins.ts";
import { findService } from "./target.ts";

export interface UpgradeRequest extends Wanted {
  readonly verb: "upgrade";
  readonly name: string;
  readonly watching?: Partial<Watching>;
  /** Leave the data as the new version makes it, whatever comes. */
  readonly noSnapshot?: boolean;
  /** Even if the environment before has not run it. */
  readonly skipStaging?: boolean;
}

const usual: Watching = { withinMs: 120_000, soakMs: 300_000 };

/** Brings a service to a newer version; no step where it is there. When that fails, the old version and the old data return. */
export function* planUpgrade(request: UpgradeRequest, ground: Ground): Planning<Plan> {
  const target = findService(request.name, ground);
  const { name, host, service } = target;
  const pins = yield* findPins(service, ground);
  const [pin] = pins;
  const { to, notes } = yield* chooseVersion(service, pin.version, request);
  const title = `Upgrade ${name} on ${host} from ${pin.version} to ${to}`;
  if (to === pin.version)
    return nothingToDo(
      target.service.name,
      host,
      pin.version,
      [`${placeOf(pin)} says ${pin.version}.`, ...notes],
      ground,
    );
  const isKept = service.data.length > 0 && !request.noSnapshot;
  const data = isKept ? yield* keepData(target, ground) : nothingKept;
  const lost =
    service.data.length > 0 && !isKept ? [`Its data is not kept: what ${to} does to it stays.`] : [];
  const watching = { ...usual, ...request.watching };
  return yield* changeVersion(
    {
      ...{ operation: "upgrade", title, target, pins, to, data, watching },
      notes: [...notes, ...lost],
      isStaged: !request.skipStaging,
    },
    ground,
  );
}

function nothingToDo(
  name: string,
  host: string,
  version: string,
  notes: readonly string[],
  { id, now }: Ground,
): Plan {
  return {
    format: 1,
    id,
    operation: "upgrade",
    title: `Upgrade ${name} on ${host} from ${version}`,
    madeAt: now.toISOString(),
    services: [name],
    hosts: [host],
    basis: [],
    onFailure: "walk-back",
    steps: [],
    notes,
  };
}
