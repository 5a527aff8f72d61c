import { keyOf } from "../backends/probe.ts";
import { Unprivileged } from "../errors.ts";
import type { Homelab, KnownHost } from "../model/homelab.ts";
import type { HostState } from "../model/state.ts";
import { toOneLine, withoutName } from "../words.ts";
import type { Context, Session } from "./context.ts";
import { isAway } from "./exit-code.ts";
import { type Kind, toolsOf } from "./kinds.ts";

/** Why something that is not listed may be there all the same. */
export interface Gaps {
  /** Hosts that could not be asked. */
  readonly away: readonly KnownHost[];
  /** Questions about the wanted kinds that a host did not answer. */
  readonly spots: readonly Spot[];
}

interface Spot {
  readonly host: string;
  /** What nobody sees without the answer. */
  readonly what: string;
  readonly why: string;
  /** Only a permission is missing: `scrap doctor` says how to get it. */
  readonly needsRoot: boolean;
}

export function gapsOf(homelab: Homelab, session: Session, kinds: readonly Kind[]): Gaps {
  const present = homelab.hosts.filter((host) => !isAway(host));
  const states = present.flatMap(({ name }) => session.state().hosts.get(name) ?? []);
  const tools = [...new Set(kinds.flatMap((kind) => toolsOf[kind]))];
  return { away: homelab.hosts.filter(isAway), spots: states.flatMap((state) => spotsOn(state, tools)) };
}

/** Of some backends, on a host that let us in. */
export function spotsOn(host: HostState, tools: readonly string[]): readonly Spot[] {
  if (host.lookFailed && !host.found) {
    const why = toOneLine(host.lookFailed.message);
    return [{ host: host.name, what: "what it has", why, needsRoot: false }];
  }
  return tools.flatMap((tool) => {
    const { probes = [], answers } = host.backends.get(tool) ?? {};
    return probes.flatMap((probe): Spot[] => {
      const answer = answers?.get(keyOf(probe));
      const spot = { host: host.name, what: probe.sees };
      if (answer === undefined) return [{ ...spot, why: "not answered in time", needsRoot: false }];
      if (answer.status !== "failed") return [];
      const needsRoot = answer.error instanceof Unprivileged;
      return [{ ...spot, why: toOneLine(answer.error.message), needsRoot }];
    });
  });
}

/** Says them to people. */
export function complainOf({ away, spots }: Gaps, context: Context): void {
  for (const { name, problems } of away)
    context.complain(`${name} could not be asked: ${withoutName(problems[0]?.message ?? "", name)}`);
  for (const { host, what, why } of spots.filter(({ needsRoot }) => !needsRoot))
    context.complain(`${host} could not tell ${what}: ${withoutName(why, host)}`);
  const secrets = Map.groupBy(
    spots.filter(({ needsRoot }) => needsRoot),
    ({ host }) => host,
  );
  for (const [host, hidden] of secrets)
    context.complain(
      `${host} does not show without root: ${hidden.map(({ what }) => what).join(", ")}. See: scrap doctor ${host}`,
    );
}

/** What it means that something was not found: 2 when every host told everything, so that the word is wrong. */
export function exitCodeOfMissing({ away, spots }: Gaps): number {
  if (away.length > 0) return 3;
  return spots.length > 0 ? 1 : 2;
}
