import type { DataVerbs } from "../backends/data-verbs.ts";
import type { Command } from "../command/command.ts";
import { Refused } from "../errors.ts";
import type { Data, Service } from "../inventory/service.ts";
import { askHost, type Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";

/** A place where a service keeps data, as it is on one host. */
export interface Place {
  /** As it was declared. */
  readonly declared: Data;
  readonly host: string;
  /** The folder where its contents are seen. */
  readonly folder: string;
  /** What makes snapshots of it, and the place as that knows it. Undefined where nothing can. */
  readonly keeper?: { readonly verbs: DataVerbs; readonly place: Data };
}

/**
 * All places of a service that runs on `host`. `unmounted`: what its tool finds by its name need not be mounted, and has
 * that name for its folder. Throws `Refused` for one that nobody finds.
 */
export function* findPlaces(
  service: Service,
  host: string,
  { backends }: Pick<Ground, "backends">,
  unmounted?: "unmounted",
): Planning<readonly Place[]> {
  const all = backends.flatMap(({ data }) => data ?? []);
  const places: Place[] = [];
  for (const declared of service.data) {
    const on = declared.on ?? host;
    const verbs = all.find(({ kind }) => kind === declared.kind);
    const folder = verbs && unmounted ? declared.name : yield* folderOf(declared, service, on);
    const keeper = verbs ? { verbs, place: declared } : yield* recognised(folder, on, all);
    places.push({ declared, host: on, folder, ...(keeper ? { keeper } : {}) });
  }
  return places;
}

function* recognised(
  folder: string,
  host: string,
  all: readonly DataVerbs[],
): Planning<Place["keeper"] | undefined> {
  for (const verbs of all) {
    const place = yield* verbs.recognise(folder, host);
    if (place) return { verbs, place };
  }
  return undefined;
}

function* folderOf(declared: Data, service: Service, host: string): Planning<string> {
  if (declared.kind === "btrfs" || declared.kind === "path") return declared.name;
  for (const argv of questionsOf(declared, service)) {
    const { exitCode, stdout } = yield* askHost(host, { argv, asRoot: true });
    const [folder = ""] = stdout.trim().split("\n");
    if (exitCode === 0 && folder.startsWith("/")) return folder;
  }
  throw new Refused(`On ${host} nobody finds the folder of the ${declared.kind} ${declared.name}.`, {
    hint: "It has to be mounted.",
  });
}

function questionsOf({ kind, name }: Data, { runs }: Service): readonly Command["argv"][] {
  switch (kind) {
    case "zfs":
      return [["zfs", "get", "-H", "-o", "value", "mountpoint", name]];
    case "lvm":
      return [["findmnt", "-n", "-o", "TARGET", `/dev/${name}`]];
    case "volume":
      return [
        ...[name, `systemd-${name}`].map((each) => ["podman", ...inspect, each] as const),
        ...[name, `${runs.name}_${name}`].map((each) => ["docker", ...inspect, each] as const),
      ];
    default:
      return [];
  }
}

const inspect = ["volume", "inspect", "--format", "{{.Mountpoint}}"] as const;

/** In a stable order, each once. */
export const hostsOf = (places: readonly Place[]): readonly string[] =>
  [...new Set(places.map(({ host }) => host))].sort();
