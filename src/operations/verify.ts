import { damagedCode } from "../backends/backup-verbs.ts";
import { Refused, UsageError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Plan } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { listThrough } from "./backups.ts";
import type { Ground } from "./ground.ts";
import { orRefuse } from "./refusing.ts";
import { hostsUsing, storeOf, usersOf } from "./repositories.ts";
import { noting } from "./verified.ts";

export interface VerifyRequest {
  readonly verb: "verify";
  /** A repository. */
  readonly name: string;
  /** Read all that is in it, too. */
  readonly readData?: boolean;
}

/** Has a repository checked by its own tool, through the first host that reaches it, and writes down what came of it. */
export function* planVerify({ name, readData = false }: VerifyRequest, ground: Ground): Planning<Plan> {
  const { inventory } = ground;
  const store = storeOf(name, ground);
  const { verify } = store;
  if (!verify)
    throw new Refused(`${name} has no tool of its own that could check it.`, {
      hint: "A restore for a try reads all of a backup: scrap restore SERVICE --from ID --drill",
    });
  const services = usersOf(name, inventory);
  const hosts = hostsUsing(name, inventory).filter((host) => inventory.hosts.get(host)?.protected === false);
  if (hosts.length === 0)
    throw new Refused(`No host is known that reaches ${name}: no service declares backups to it.`, {
      hint: `services › NAME › backups: [{ to: ${name}, … }]`,
    });
  const { host } = orRefuse(yield* listThrough(store, hosts));
  return {
    format: 1,
    id: ground.id,
    operation: "verify",
    title: `Verify the repository ${name}${readData ? " and all that is in it" : ""}`,
    madeAt: ground.now.toISOString(),
    services: services.map((service) => service.name),
    hosts: [host],
    basis: [],
    onFailure: "stop",
    steps: [noting(verify(host, readData), name, readData, damagedCode)],
    notes: [],
  };
}

/** Repositories by their names, or those of a service; all that a service uses, and a tool can check, when there are no words. */
export function repositoriesMeant(words: readonly string[], inventory: Inventory): readonly string[] {
  const { repositories, services } = inventory;
  const canBeChecked = (name: string) => "address" in (repositories.get(name) ?? {});
  if (words.length === 0)
    return [...repositories.keys()].filter(
      (name) => canBeChecked(name) && usersOf(name, inventory).length > 0,
    );
  const meant = words.flatMap((word) => {
    if (repositories.has(word)) return [word];
    const service = services.get(word);
    if (!service)
      throw new UsageError(
        `No repository or service is named ${word}${didYouMean(word, [...repositories.keys(), ...services.keys()])}`,
      );
    if (service.backups.length === 0) throw new Refused(`${word} declares no backups.`);
    return service.backups.map(({ to }) => to).filter(canBeChecked);
  });
  return [...new Set(meant)];
}
