import { isWhyNot } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import { isQuadlet } from "../inventory/pin.ts";
import type { Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { DeployParts } from "./deploy-parts.ts";
import { findOwner } from "./file-owner.ts";
import type { Ground } from "./ground.ts";
import type { FoundPin } from "./pins.ts";
import type { Target } from "./target.ts";

/** Brings the new image to the host before anything is stopped, where the files that are put there do not spell it out. */
export function* fetchVersion(
  { host, service }: Target & Required<Pick<Target, "service">>,
  pin: FoundPin,
  to: string,
  { fetch }: DeployParts,
  { backends }: Ground,
): Planning<readonly Step[]> {
  const name = pin.image ?? service.version?.image;
  const image = `${name}:${to}`;
  const isFetched = fetch.some((step) => step.kind === "run" && step.command.argv.includes(image));
  if (name === undefined || isQuadlet(pin.file) || isFetched) return [];
  const { user } = service.runs;
  const owner = user === undefined ? undefined : yield* findOwner(host, user);
  const engines = service.runs.kind === "compose" ? ["docker"] : owner ? ["podman"] : ["podman", "docker"];
  const able = engines.flatMap((id) => backends.find((backend) => backend.id === id)?.images ?? []);
  // Whoever has the present version is the one that runs it.
  let verbs = able[0];
  for (const each of able.length > 1 ? able : []) {
    const lacks = yield* each.fetch(`${name}:${pin.version}`, host, undefined);
    if (isWhyNot(lacks) || lacks.length > 0) continue;
    verbs = each;
    break;
  }
  const steps = verbs ? yield* verbs.fetch(image, host, owner?.user) : [];
  if (isWhyNot(steps)) throw new Refused(steps.whyNot, { hint: steps.hint });
  return steps.map((step) => ({ ...step, id: `${step.id}-version` }));
}
