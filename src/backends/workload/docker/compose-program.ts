import type { Command } from "../../../command/command.ts";
import { askHosts, type Planning } from "../../../plan/planning.ts";
import { isWhyNot, type WhyNot } from "../../verbs.ts";

type Compose = (...args: readonly string[]) => Command;

/** How Compose is called on a host: as a plugin of docker, else as a program of its own. */
export function* askCompose(host: string): Planning<Compose | WhyNot> {
  const ways = [["docker", "compose"], ["docker-compose"]] as const;
  const answers = yield* askHosts(
    ways.map((way) => ({ host, command: { argv: [...way, "version"], asRoot: true } })),
  );
  const way = ways.find((_, index) => answers[index]?.exitCode === 0);
  if (!way) return { whyNot: `There is no Compose on ${host}.`, hint: "Debian's package is docker-compose." };
  return (...args) => ({ argv: [...way, ...args], asRoot: true });
}

export const isMissing = (compose: Compose | WhyNot): compose is WhyNot => isWhyNot(compose);
