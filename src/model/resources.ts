import type { Backend } from "../backends/contract.ts";
import { answeredAt, factOf, keyOf } from "../backends/probe.ts";
import type { Health, Reference, Resource, ResourceKind, ResourceOf } from "../backends/resource.ts";
import { byHealth, healthOf } from "../backends/resource.ts";
import { type BackendState, type HostState, observationsOf } from "./state.ts";

/** A resource, and where in the homelab it is. */
export type Known<Kind extends ResourceKind = ResourceKind> = {
  [K in Kind]: ResourceOf<K> & {
    /** `host/backend/kind/name`; `host/backend/kind/user/name` for what is a user's. Never changes. */
    readonly id: string;
    readonly host: string;
    readonly backend: string;
    readonly health: Health;
    /** What is not well, in words; absent when it is. */
    readonly reason?: string;
    /** Of the answers that it was made from the one that grows old first. */
    readonly due?: Due;
  };
}[Kind];

/** When an answer was given, and how long it stays fresh, as its probe says. */
export interface Due {
  readonly at: Date;
  readonly freshMs: number;
}

/** `web` of `vps1/podman/container/web`; `alice/web` of a rootless one. */
export const shortName = (id: string): string => id.split("/").slice(3).join("/") || id;

/** Makes the things of a host out of what it answered. The same object again for the same answers. */
export function createResourceReader(backends: readonly Backend[]): (host: HostState) => readonly Known[] {
  const cache = new WeakMap<HostState["backends"], readonly Known[]>();
  // Each tool for itself, too: a new load average makes nothing new of two hundred units.
  const cacheOfTools = new WeakMap<BackendState, readonly Known[]>();

  const readTool = (backend: Backend, host: HostState): readonly Known[] => {
    const state = host.backends.get(backend.id);
    if (!state) return [];
    const cached = cacheOfTools.get(state);
    if (cached) return cached;
    const answered = answeredIn(state);
    const resources = read(backend, host).map((resource) =>
      place(resource, host.name, backend.id, dueOf(resource, answered)),
    );
    cacheOfTools.set(state, resources);
    return resources;
  };

  return (host) => {
    const cached = cache.get(host.backends);
    if (cached) return cached;
    const merged = mergeDevices(backends.flatMap((backend) => readTool(backend, host)));
    cache.set(host.backends, merged);
    return merged;
  };
}

function read(backend: Backend, host: HostState): readonly Resource[] {
  const state = host.backends.get(backend.id);
  if (!state?.detection.present || !host.found) return [];
  const observations = observationsOf(state.answers);
  const version = backend.version && factOf(observations.of(backend.version));
  return backend.resources(
    { found: host.found, places: host.places, observations, ...(version === undefined ? {} : { version }) },
    observationsOf(state.previous),
  );
}

interface Answered extends Due {
  readonly item?: string;
}

function answeredIn({ probes, answers }: BackendState): readonly Answered[] {
  return probes.flatMap((probe) => {
    const { item, freshMs } = probe;
    const at = answeredAt(answers.get(keyOf(probe)) ?? { status: "unasked" });
    return at === undefined ? [] : [{ at, freshMs, ...(item === undefined ? {} : { item }) }];
  });
}

/** What was asked of another item has nothing to do with it. */
function dueOf({ name, seenAt }: Resource, answered: readonly Answered[]): Due | undefined {
  const own = answered.filter(
    ({ item, at }) =>
      item === undefined || item === name || item.endsWith(`/${name}`) || at.getTime() === seenAt.getTime(),
  );
  const [first] = own.toSorted((a, b) => a.at.getTime() - b.at.getTime() + 2 * (a.freshMs - b.freshMs));
  return first && { at: first.at, freshMs: first.freshMs };
}

function place(resource: Resource, host: string, backend: string, due: Due | undefined): Known {
  const owner = resource.user === undefined ? "" : `${resource.user}/`;
  return judge({
    ...resource,
    id: `${host}/${backend}/${resource.kind}/${owner}${resource.name}`,
    host,
    backend,
    health: "ok",
    ...(due ? { due } : {}),
  } as Known);
}

/** Health and reason follow from the findings, worst first. */
function judge(resource: Known): Known {
  // A host's text must not begin a line of ours.
  const flat = resource.findings.map((finding) => ({
    ...finding,
    message: finding.message.replace(/\s+/g, " "),
  }));
  const findings = flat.toSorted((a, b) => byHealth(a.severity, b.severity));
  const reason = findings.map(({ message }) => message).join("; ");
  const { reason: _, ...rest } = resource;
  return { ...rest, findings, health: healthOf(findings), ...(reason === "" ? {} : { reason }) } as Known;
}

const identity = /^(device|serial|wwn):/;

/** A device is one thing, however many tools tell of it: lsblk its size, smartctl its health. The first keeps its id. */
function mergeDevices(resources: readonly Known[]): readonly Known[] {
  const owners = new Map<Reference, number>();
  const merged: Known[] = [];
  for (const resource of resources) {
    const names = resource.kind === "disk" ? resource.is.filter((name) => identity.test(name)) : [];
    const at = names.map((name) => owners.get(name)).find((index) => index !== undefined);
    const same = at === undefined ? undefined : merged[at];
    if (same?.kind === "disk" && resource.kind === "disk" && at !== undefined) {
      merged[at] = judge({
        ...same,
        findings: [...same.findings, ...resource.findings],
        is: [...new Set([...same.is, ...resource.is])],
        uses: [...new Set([...same.uses, ...resource.uses])],
        seenAt: new Date(Math.min(Number(same.seenAt), Number(resource.seenAt))),
        ...sooner(same, resource),
        details: { ...resource.details, ...same.details },
      });
    } else {
      merged.push(resource);
    }
    for (const name of names) owners.set(name, at ?? merged.length - 1);
  }
  return merged;
}

function sooner({ due: a }: Known, { due: b }: Known): Pick<Known, "due"> {
  const isFirst = a && (!b || Number(a.at) + 2 * a.freshMs <= Number(b.at) + 2 * b.freshMs);
  const due = isFirst ? a : b;
  return due ? { due } : {};
}

/** How full a file system is, as `df` counts: what is kept for root is neither used nor free. */
export function usedRatio({
  usedBytes,
  availableBytes,
  sizeBytes,
}: Known<"filesystem">["details"]): number | undefined {
  if (usedBytes === undefined) return undefined;
  const whole = availableBytes === undefined ? sizeBytes : usedBytes + availableBytes;
  return whole ? usedBytes / whole : undefined;
}
