import type { SimulatedHost } from "./state.ts";
import type { Moment } from "./state-time.ts";
import { badUpgrade } from "./stories/bad-upgrade.ts";
import { diskFailure } from "./stories/disk-failure.ts";
import type { Story } from "./stories/happening.ts";
import { mixed } from "./stories/mixed.ts";
import { powerCut } from "./stories/power-cut.ts";

const stories = {
  calm: { happenings: [] },
  "disk-failure": diskFailure,
  "power-cut": powerCut,
  "bad-upgrade": badUpgrade,
  /** A bit of each, over and over: for who watches. */
  mixed,
} as const satisfies Readonly<Record<string, Story>>;

export type StoryName = keyof typeof stories;
export const storyNames = Object.keys(stories) as readonly StoryName[];

/** Returns what lets all happen that is due by then, each at its own moment. */
export function tellStory(name: StoryName, hosts: readonly SimulatedHost[]): (now: Moment) => void {
  const { happenings, againAfter }: Story = stories[name];
  const host = (wanted: string): SimulatedHost => {
    const found = hosts.find((each) => each.name === wanted);
    if (!found) throw new Error(`The story needs a host ${wanted}.`);
    return found;
  };
  const inOrder = happenings.toSorted((a, b) => a.after - b.after);
  let next = 0;
  let startedAt = 0;
  return (now) => {
    for (let due = inOrder[next]; due; due = inOrder[next]) {
      const at = startedAt + due.after * 1000;
      if (at > now) return;
      due.act(host, at);
      next++;
      if (next < inOrder.length || againAfter === undefined) continue;
      startedAt += againAfter * 1000;
      next = 0;
    }
  };
}
