import type { Operation } from "../journal/operation.ts";
import { standingOf } from "../journal/standing.ts";
import type { Changing } from "./changing.ts";
import { createLab, type Lab, type Place } from "./view/lab.ts";
import type { Stage } from "./view/scene.ts";

/** Keeps the operations in the picture. `onEnded`: the hosts are other ones now. Returns the way to stop. */
export function followOperations(
  { scene }: Stage,
  placesNow: () => ReadonlyMap<string, Place>,
  changing: Changing,
  onEnded: (operation: Operation) => void,
): () => void {
  const show = () => {
    const operations = changing.operations();
    const before = scene.get().lab;
    if (operations === before.operations) return;
    scene.update((now) => ({
      ...now,
      lab: createLab(now.lab.homelab, placesNow(), { ...now.lab, operations }),
      now: Date.now(),
    }));
    for (const each of operations)
      if (isOver(each) && "operation" in each && isUnderWay(before, each.id)) onEnded(each.operation);
  };
  // Nobody waits for seconds of what is over.
  const clock = setInterval(() => {
    if (runningOf(scene.get().lab).length > 0) scene.update((now) => ({ ...now, now: Date.now() }));
  }, 1_000);
  clock.unref();
  const stop = changing.subscribe(show);
  show();
  return () => {
    clearInterval(clock);
    stop();
  };
}

type Summary = Lab["operations"][number];

const isOver = (summary: Summary) => standingOf(summary, Date.now()) !== "running";

const isUnderWay = (lab: Lab, id: string) => {
  const before = lab.operation(id);
  return before !== undefined && !isOver(before);
};

/** What is under way now. */
export const runningOf = ({ operations }: Lab): readonly Summary[] =>
  operations.filter((each) => !isOver(each));
