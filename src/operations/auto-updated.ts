import type { AutoUpdate } from "../backends/verbs.ts";
import { Failure } from "../errors.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";

/** What a host updates by itself. */
export interface AutoUpdated extends AutoUpdate {
  readonly host: string;
  readonly user?: string;
  /** The last round called it a success, and this is what is wrong with it now. */
  readonly falseClaim?: string;
}

/** Asks a host what it updates by itself, and holds against it how that does. Rejects for no host, but says why. */
export function* planAutoUpdated(
  host: string,
  { backends, homelab }: Pick<Ground, "backends" | "homelab">,
): Planning<{ readonly entries: readonly AutoUpdated[] } | { readonly host: string; readonly why: string }> {
  const resources = homelab.resources.filter((resource) => resource.host === host);
  const entries: AutoUpdated[] = [];
  try {
    for (const { id, images } of backends) {
      const owners = resources.filter(({ backend }) => backend === id).map(({ owner }) => owner);
      const scopes = new Map(owners.map((owner) => [owner?.uid, owner]));
      for (const owner of images?.autoUpdates ? scopes.values() : [])
        for (const update of (yield* images?.autoUpdates?.(host, owner) ?? []) as readonly AutoUpdate[]) {
          const unit = resources.find(
            ({ kind, name, user }) => kind === "unit" && name === update.unit && user === owner?.name,
          );
          const isWrong = update.lastClaim === "true" && unit?.health === "failed";
          entries.push({
            ...update,
            host,
            ...(owner ? { user: owner.name } : {}),
            ...(isWrong || (update.lastClaim === "true" && unit?.health === "warning")
              ? { falseClaim: unit?.reason ?? "it is not well" }
              : {}),
          });
        }
    }
    return { entries };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { host, why: error.message };
  }
}
