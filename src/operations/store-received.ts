import type { ReceivingRepository, SendVerbs } from "../backends/send-verbs.ts";
import { isWhyNot, type WhyNot } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import { type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import { passTree } from "./pass-tree.ts";
import type { Place } from "./places.ts";
import type { Store } from "./store.ts";

/** A folder or dataset of another host, to which the file system of a service sends its snapshots. */
export function receivedStore(
  repository: ReceivingRepository,
  verbs: SendVerbs,
  { inventory }: Pick<Ground, "inventory">,
): Store {
  const { name, host: at, tool } = repository;
  const bases = (place: Place, host: string) => findBase(place, host, repository, verbs);
  return {
    repository,
    at,
    needsFiles: verbs.needsFiles,
    list: () => verbs.list(repository),
    *sizeOf(_, id) {
      const listed = yield* verbs.list(repository);
      if (isWhyNot(listed)) return listed;
      return (
        listed.find((backup) => backup.id === id)?.sizeBytes ?? {
          whyNot: `${name} does not say how big ${id} is.`,
        }
      );
    },
    init: () => verbs.init(repository),
    *copy({ host, places, label, tag, seen, at: now }) {
      if (inventory.hosts.get(at)?.protected) throw new Refused(`${at} is protected: it is never changed.`);
      const steps: Step[] = [];
      const copies: string[] = [];
      const marks: Step[] = [];
      for (const [index, place] of places.entries()) {
        const { keeper, folder } = place;
        if (keeper?.verbs.kind !== tool)
          throw new Refused(`${folder} on ${host} is no ${titles[tool]}: it cannot be sent to ${name}.`, {
            hint: "A repository of restic or borg takes any folder.",
          });
        const base = yield* bases(place, host);
        if (base && isWhyNot(base) && !base.isMissing) throw new Refused(base.whyNot, { hint: base.hint });
        const path = seen.find((each) => each.at === folder)?.from;
        const about = { place: keeper.place, host, tag, repository, number: index + 1 };
        const sent = verbs.send({
          ...about,
          label,
          ...(path === undefined ? {} : { path }),
          ...(base && !isWhyNot(base) ? { base } : {}),
        });
        steps.push(sent.step);
        copies.push(sent.at);
        if (verbs.mark) marks.push(verbs.mark(about));
      }
      return [...steps, verbs.keep(repository, { ...label, tag, at: now.toISOString() }, copies), ...marks];
    },
    *bring({ host, backup, besides }) {
      const listed = yield* verbs.list(repository);
      if (isWhyNot(listed)) throw new Refused(listed.whyNot, { hint: listed.hint });
      const copies = listed.find(({ id }) => id === backup.id)?.copies ?? [];
      return besides.flatMap((beside, index) => {
        const copy = copies[index];
        if (!beside) return [];
        if (!copy)
          throw new Refused(`${name} has no ${backup.places[index]?.name} of ${backup.id} any more.`);
        const { path, before, after } = verbs.open(repository, copy.at);
        const passing = {
          id: `bring-${index + 1}`,
          title: `Bring ${backup.places[index]?.name} of ${backup.id} from ${name}, and verify every file`,
          mark: `/run/scrap/bring-${beside.path.replaceAll("/", "-")}`,
        };
        return [
          ...withPrefix(`see-${index + 1}`, before),
          passTree(passing, { host: at, path }, { host, path: beside.path }),
          ...withPrefix(`see-${index + 1}`, after),
        ];
      });
    },
    *base(place, host) {
      const base = yield* bases(place, host);
      return base === undefined || isWhyNot(base) ? base : base.tag;
    },
  };
}

const titles = { btrfs: "subvolume of btrfs", zfs: "dataset of ZFS" } as const;

/** The newest copy of a snapshot that is still there. */
function* findBase(
  { keeper }: Place,
  host: string,
  repository: ReceivingRepository,
  verbs: SendVerbs,
): Planning<{ readonly tag: string; readonly at: string } | undefined | WhyNot> {
  const listed = yield* verbs.list(repository);
  if (isWhyNot(listed)) return listed;
  if (keeper?.verbs.kind !== verbs.tool) return undefined;
  const there = yield* verbs.identities(keeper.place, host);
  if (isWhyNot(there)) return there;
  for (const { identity, at, isBase } of listed.flatMap(({ copies }) => copies)) {
    const tag = there.get(identity);
    if (tag !== undefined && isBase) return { tag, at };
  }
  return undefined;
}
