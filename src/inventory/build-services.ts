import { toHealthCheck } from "./build-health.ts";
import { present } from "./build-hosts.ts";
import { resolvePath } from "./paths.ts";
import { parseDuration } from "./quantities.ts";
import type { SlaFields } from "./schema-copies.ts";
import { dataKinds, runsKinds, type ServiceFields } from "./schema-services.ts";
import type { Data, From, Hook, Needs, Runs, Service, Version } from "./service.ts";
import type { Period, ServiceLevel } from "./service-level.ts";

/** What the parts of a service are resolved against. */
export interface Surroundings {
  readonly file: string;
  readonly home: string;
  readonly sla: ReadonlyMap<string, ServiceLevel>;
  readonly line: number;
  /** The pinned version as it was written: 3.10 is not 3.1. */
  readonly pin: string | undefined;
}

/** What was validated, with its paths absolute, its quantities in the units of their names, and its SLA class looked up. */
export function toService(name: string, fields: ServiceFields, around: Surroundings): Service {
  const sla =
    typeof fields.sla === "string"
      ? around.sla.get(fields.sla)
      : fields.sla && toServiceLevel(fields.sla, undefined);
  const { snapshots, replica, failover, isolation } = fields;
  return {
    name,
    home: fields.home,
    runs: toRuns(fields.runs),
    data: (fields.data ?? []).map(toData),
    health: (fields.health ?? []).map(toHealthCheck),
    needs: toNeeds(fields.needs),
    hooks: toHooks(fields.hooks),
    backups: (fields.backups ?? []).map(({ to, every, keepWithin, keep, ping }) =>
      present({ to, everyMs: every, keepWithinMs: keepWithin, keep: keep && present(keep), ping }),
    ),
    dependsOn: fields.dependsOn ?? [],
    avoid: fields.avoid ?? [],
    line: around.line,
    ...present({
      from: fields.from && toFrom(fields.from, around),
      version: fields.version && toVersion(fields.version, around),
      sla,
      isolation: isolation && { level: isolation.level, routes: isolation.routes ?? [] },
      dataLoss: fields.dataLoss ?? sla?.dataLoss,
      snapshots:
        snapshots &&
        present({
          everyMs: snapshots.every,
          keep: snapshots.keep && present(snapshots.keep),
          while: snapshots.while,
          ping: snapshots.ping,
        }),
      replica: replica && { on: replica.on, everyMs: replica.every },
      failover: failover && {
        policy: failover.policy,
        to: failover.to ?? [],
        start: failover.start ?? "auto",
      },
      releases: fields.releases,
      environment: fields.environment,
    }),
  };
}

/** Without a name for one that is written at its service. */
export function toServiceLevel(fields: SlaFields, name: string | undefined): ServiceLevel {
  const [allowed, per] = fields.downtime?.split("/") ?? [];
  return present({
    name,
    downtimeMs: allowed === undefined ? undefined : parseDuration(allowed),
    downtimePer: per as Period | undefined,
    rpoMs: fields.rpo,
    rtoMs: fields.rto,
    dataLoss: fields.dataLoss,
  });
}

function toRuns(fields: ServiceFields["runs"]): Runs {
  return { ...pick(fields, runsKinds), ...present({ user: fields.user }) };
}

function toData(fields: NonNullable<ServiceFields["data"]>[number]): Data {
  return { ...pick(fields, dataKinds), ...present({ on: fields.on }) };
}

/** The one of the kinds that is there; the schema has seen to it that there is one. */
function pick<Kind extends string>(
  fields: Readonly<Partial<Record<Kind, string | undefined>>>,
  kinds: readonly Kind[],
): { readonly kind: Kind; readonly name: string } {
  for (const kind of kinds) {
    const name = fields[kind];
    if (name !== undefined) return { kind, name };
  }
  throw new TypeError(`None of ${kinds.join(", ")}.`);
}

function toFrom(
  { playbook, tags, compose, files, manifest, to }: NonNullable<ServiceFields["from"]>,
  { file, home }: Surroundings,
): From {
  const path = (value: string) => resolvePath(value, file, home);
  if (playbook !== undefined) return { kind: "playbook", file: path(playbook), tags: tags ?? [] };
  if (compose !== undefined && to !== undefined) return { kind: "compose", file: path(compose), to };
  if (files !== undefined) return { kind: "files", folder: path(files), ...present({ to }) };
  if (manifest !== undefined) return { kind: "manifest", file: path(manifest) };
  throw new TypeError("None of playbook, compose, files, manifest.");
}

function toVersion(
  { image, pin, in: place }: NonNullable<ServiceFields["version"]>,
  { file, home, pin: written }: Surroundings,
): Version {
  const [path, variable] = place?.split("#", 2) ?? [];
  return present({
    image,
    pin: typeof pin === "number" ? (written ?? `${pin}`) : pin,
    in: path === undefined ? undefined : present({ file: resolvePath(path, file, home), variable }),
  });
}

function toNeeds(fields: ServiceFields["needs"]): Needs {
  const { memory, disk, device, arch, ports, ...rest } = fields ?? {};
  return {
    ...present({ ...rest, memoryBytes: memory, diskBytes: disk }),
    ports: ports ?? [],
    devices: device === undefined ? [] : [device].flat(),
    arch: arch === undefined ? [] : [arch].flat(),
  };
}

function toHooks(fields: ServiceFields["hooks"]): Service["hooks"] {
  return Object.fromEntries(
    Object.entries(fields ?? {}).flatMap(([when, hook]): [string, Hook][] => {
      if (hook === undefined) return [];
      if (Array.isArray(hook)) return [[when, { argv: toArgv(hook) }]];
      return [[when, present({ argv: toArgv(hook.command), in: hook.in, timeoutMs: hook.timeout })]];
    }),
  );
}

/** The schema has seen to it that there is a program. */
const toArgv = ([program = "", ...args]: readonly string[]): [string, ...string[]] => [program, ...args];
