import type { Backend } from "../backends/contract.ts";
import type { Command } from "../command/command.ts";
import { Unprivileged, UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Homelab } from "../model/homelab.ts";
import type { Known } from "../model/resources.ts";
import type { Link } from "../transport/transport.ts";
import { loadHosts, withAnswers } from "./asking.ts";
import type { Context, Session } from "./context.ts";
import { complainOf, exitCodeOfMissing, gapsOf } from "./gaps.ts";
import type { ReadOptions } from "./options.ts";
import { toFormat } from "./output.ts";
import { namesOfKind, selectResources, selectServices } from "./select.ts";
import { toTime } from "./time.ts";

export interface LogsOptions extends ReadOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly lines: number;
  readonly host?: readonly string[];
}

interface Source {
  readonly resource: Known;
  readonly command: Command;
}

/** `scrap logs SERVICE`: of a declared service, or of a unit or container by its name. Resolves with the exit code. */
export async function logs(context: Context, name: string, options: LogsOptions): Promise<number> {
  if (toFormat(options) !== "table")
    throw new UsageError("A log is printed as it is: logs has no -o and no --json.");
  const since = options.since === undefined ? undefined : toTime(options.since, new Date());
  const { inventory, hosts } = await loadHosts(context, options.host ?? [], options);
  return withAnswers(context, inventory, hosts, options, async (homelab, session) => {
    const sources = sourcesOf(homelab, session.backends, name, {
      follow: options.follow ?? false,
      lines: options.lines,
      ...(since === undefined ? {} : { since }),
    });
    if (typeof sources !== "string") return print(sources, session, context);
    const gaps = gapsOf(homelab, session, ["unit", "container"]);
    if (exitCodeOfMissing(gaps) === 2) throw new UsageError(sources);
    context.complain(sources);
    complainOf(gaps, context);
    return exitCodeOfMissing(gaps);
  });
}

async function print(sources: readonly Source[], session: Session, context: Context): Promise<number> {
  const codes = await Promise.all(
    sources.map(({ resource, command }) => {
      const prefix = sources.length > 1 ? `${context.style.muted(`${resource.host}/${resource.name}`)} ` : "";
      const show = (line: string, from: "stdout" | "stderr") =>
        // An engine sends what a container said on stderr to stderr: both are its log.
        from === "stdout" || resource.kind === "container"
          ? context.print(`${prefix}${line}`)
          : context.complain(line);
      const link = session.transport.link(resource.host);
      return link.follow(command, show, context.interrupted).catch((error: unknown) => {
        throw error instanceof Unprivileged ? withFix(error, resource, link) : error;
      });
    }),
  );
  if (context.interrupted.aborted) return 130;
  return codes.every((code) => code === 0) ? 0 : 4;
}

/** The options of a log change from day to day, so that no sudoers fragment of exact commands fits. */
function withFix({ message, hint = message }: Unprivileged, { id, host }: Known, link: Link): Unprivileged {
  const state = link.state();
  const user = (state.status === "up" && state.access.login.user) || "who logs in";
  const by = state.status === "up" && state.access.privilege === "doas" ? "doas" : "sudo";
  const ways =
    state.status === "up" && state.access.privilege === "none"
      ? ""
      : `Give the password of ${by} with -K, or say becomePassword for this host, or let ${user} be root without one: scrap doctor --sudoers change ${host}`;
  return new Unprivileged(`The log of ${id} needs root, and ${user} does not get to be root on ${host}.`, {
    hint: `${hint}\n${ways}`.trim(),
  });
}

/** Whose logs are meant; or why there is none, in words. */
function sourcesOf(
  homelab: Homelab,
  backends: readonly Backend[],
  name: string,
  options: { readonly follow: boolean; readonly lines: number; readonly since?: string },
): readonly Source[] | string {
  const toSource = (resource: Known): Source[] => {
    const command = backends.find(({ id }) => id === resource.backend)?.logs?.(resource, options);
    return command ? [{ resource, command }] : [];
  };
  const filter = { names: [name], problems: false, all: true };
  const [service] = selectServices(homelab, filter);
  if (service) {
    const [main, ...parts] = service.parts;
    const sources = main ? toSource(main) : [];
    const found = sources.length > 0 ? sources : parts.flatMap(toSource);
    if (found.length > 0) return found;
    return `The service ${name} has no log that we can see: ${service.reason ?? "nothing of it was found"}`;
  }
  const named = [
    ...selectResources(homelab, "unit", filter),
    ...selectResources(homelab, "container", filter),
  ];
  const found = named.flatMap(toSource);
  if (new Set(found.map(({ resource }) => resource.id)).size > 1)
    throw new UsageError(
      `There are ${found.length} of that name:\n${found.map(({ resource }) => `  ${resource.id}`).join("\n")}`,
      { hint: `Name one of them in full: scrap logs ${found[0]?.resource.id}` },
    );
  if (found.length > 0) return found;
  const known = (["service", "unit", "container"] as const).flatMap((kind) =>
    namesOfKind(homelab, kind).flat(),
  );
  return `No service, unit or container is named ${name}${didYouMean(name, known)}`;
}
