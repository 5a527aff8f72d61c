import { keyOf, type Observation } from "../backends/probe.ts";
import type { Finding, Health, HostFacts } from "../backends/resource.ts";
import { byHealth } from "../backends/resource.ts";
import { type Failure, Unprivileged } from "../errors.ts";
import { createJoin } from "./references.ts";
import { type Known, shortName } from "./resources.ts";
import { type BackendState, type HostState, isComplete } from "./state.ts";

/** The state of a host: the worst of what we know of it, or why we do not know. */
export type HostHealth = "ok" | "degraded" | "failed" | "unreachable" | "unknown";

/** Something that somebody should look at. */
export interface Problem {
  readonly severity: Exclude<Health, "ok">;
  readonly kind: string;
  /** The id of the resource, the key of a probe, or the host's name. */
  readonly resource: string;
  readonly message: string;
  /** Since when, RFC 3339. */
  readonly since?: string;
  /** It was so already when somebody looked for the first time: `since` is when that was. */
  readonly isOlder?: true;
}

/** What a host does not show us, and how it would. */
export interface Unseen {
  readonly what: string;
  readonly why: string;
  /** The exact command that mends it. */
  readonly fix: string;
}

export interface ProbeStatus {
  readonly status: "known" | "absent" | "failed" | "unasked";
  /** When the host answered it last; absent when it never did. */
  readonly seenAt?: Date;
  readonly why?: string;
}

/** What it says, and of which thing: many a message begins with the name already. */
export function sayProblem({ kind, resource, message }: Problem): string {
  const name = shortName(resource);
  const isNamed =
    message.startsWith(`${name} `) || message.startsWith(`${name}: `) || message.includes(` in ${name} `);
  return kind === "host" || kind === "probe" || isNamed ? message : `${name}: ${message}`;
}

/** Of the memory, what no program could have. */
export function usedMemory({ memoryBytes, memoryAvailableBytes }: HostFacts): number | undefined {
  return memoryBytes === undefined || memoryBytes === 0 || memoryAvailableBytes === undefined
    ? undefined
    : 1 - memoryAvailableBytes / memoryBytes;
}

export const factsOf = (resources: readonly Known[]): HostFacts =>
  resources.find((resource) => resource.kind === "host")?.details ?? {};

/** All problems of one host but those of declared services, worst first. */
export function problemsOf(host: HostState, resources: readonly Known[]): readonly Problem[] {
  if (host.link.status === "down")
    return [
      {
        severity: "failed",
        kind: "host",
        resource: host.name,
        message: host.link.error.message,
        since: host.link.since.toISOString(),
      },
    ];
  const look: Problem[] = host.lookFailed
    ? [{ severity: "unknown", kind: "host", resource: host.name, message: host.lookFailed.message }]
    : [];
  const toldElsewhere = toldOf(resources);
  const findings = resources.filter(({ id }) => !toldElsewhere.has(id)).flatMap(findingsOf);
  // A resource may have said already what could not be known of it.
  const said = new Set(
    resources.flatMap((resource) => resource.findings.flatMap(({ instead }) => instead ?? [])),
  );
  const words = new Set(findings.map(({ message }) => message));
  const rest = unanswered(host).filter(({ resource, message }) => !said.has(resource) && !words.has(message));
  return [...look, ...findings, ...rest].toSorted((a, b) => byHealth(a.severity, b.severity));
}

function findingsOf(resource: Known): readonly Problem[] {
  return resource.findings.map((finding) => ({
    ...toProblem(finding, resource.kind, resource.id),
    message: inOneLine(finding.message),
  }));
}

export const toProblem = (
  { severity, message, since }: Finding,
  kind: string,
  resource: string,
): Problem => ({ severity, kind, resource, message, ...(since === undefined ? {} : { since }) });

const told = new WeakMap<readonly Known[], ReadonlySet<string>>();

/** The ids of those whose findings the whole tells that they are parts of. Every service of a host asks for the same. */
export function toldOf(resources: readonly Known[]): ReadonlySet<string> {
  const known = told.get(resources);
  if (known) return known;
  const named = resources.flatMap(({ findings }) => findings.flatMap(({ of }) => of ?? []));
  // To join all things of a host takes a while, and mostly nothing is wrong there.
  const parts = named.length === 0 ? [] : named.flatMap(createJoin(resources).resolve);
  const ids = new Set(parts.map(({ id }) => id));
  told.set(resources, ids);
  return ids;
}

/** Questions that failed for a reason other than permission: we do not know, and say so. */
function unanswered(host: HostState): readonly Problem[] {
  return [...host.backends.values()].flatMap((backend) =>
    asked(backend).flatMap(({ key, sees, answer }) =>
      answer?.status === "failed" && !(answer.error instanceof Unprivileged)
        ? [
            {
              severity: "unknown" as const,
              kind: "probe",
              resource: key,
              message: inOneLine(`${sees}: ${answer.error.message}`),
            },
          ]
        : [],
    ),
  );
}

const withHint = ({ message, hint }: Failure) =>
  hint === undefined ? message : `${message.replace(/\.?$/, ".")} ${hint}`;

/** Enough to know what it is about; `scrap get host -o json` has the rest in `probes`. */
const inOneLine = (text: string) =>
  (text.length > 200 ? `${text.slice(0, 199)}…` : text).replace(/\s+/g, " ");

export function healthOfHost(host: HostState, problems: readonly Problem[]): HostHealth {
  if (host.link.status === "down") return "unreachable";
  if (!host.found) return "unknown";
  if (problems.some(({ severity }) => severity === "failed")) return "failed";
  if (problems.length > 0) return "degraded";
  return isComplete(host) ? "ok" : "unknown";
}

/** What permission keeps from us. */
export function unseenOf(host: HostState): readonly Unseen[] {
  const isByDoas = host.link.status === "up" && host.link.access.privilege === "doas";
  const fix = `scrap doctor --sudoers ${isByDoas ? "change" : "read"} ${host.name}`;
  return [...host.backends.values()].flatMap((backend) =>
    asked(backend).flatMap(({ sees, answer }) =>
      answer?.status === "failed" && answer.error instanceof Unprivileged
        ? [
            {
              what: sees,
              why: inOneLine(withHint(answer.error)),
              fix,
            },
          ]
        : [],
    ),
  );
}

/** Every probe by its key; a tool that is not there by the name of its backend. */
export function probesOf(host: HostState): Readonly<Record<string, ProbeStatus>> {
  const entries = [...host.backends].flatMap(([id, backend]): [string, ProbeStatus][] => {
    if (!backend.detection.present) return [[id, { status: "absent", why: backend.detection.why }]];
    return asked(backend).map(({ key, answer }) => {
      if (!answer || answer.status === "unasked") return [key, { status: "unasked" }];
      if (answer.status === "known") return [key, { status: "known", seenAt: answer.at }];
      if (answer.status === "absent") return [key, { status: "absent", seenAt: answer.at, why: answer.why }];
      const { error, last } = answer;
      return [key, { status: "failed", ...(last ? { seenAt: last.at } : {}), why: error.message }];
    });
  });
  return Object.fromEntries(entries);
}

interface AskedOf {
  readonly key: string;
  readonly sees: string;
  readonly answer: Observation<unknown> | undefined;
}

const askedBefore = new WeakMap<BackendState, readonly AskedOf[]>();

/** What a tool was asked. Of a host that answered, all tools but one have the state that they had. */
function asked(backend: BackendState): readonly AskedOf[] {
  const before = askedBefore.get(backend);
  if (before) return before;
  const { probes, answers } = backend;
  const all = probes.map((probe) => {
    const key = keyOf(probe);
    return { key, sees: probe.sees, answer: answers.get(key) };
  });
  askedBefore.set(backend, all);
  return all;
}

/** Every question that a host is asked as of now. */
export const seenProbes = (host: HostState) => [...host.backends.values()].flatMap(({ probes }) => probes);
