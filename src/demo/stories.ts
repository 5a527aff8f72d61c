import type { Moment, SimulatedHost } from "./state.ts";

export const storyNames = ["calm", "disk-failure", "power-cut", "bad-upgrade", "mixed"] as const;
export type StoryName = (typeof storyNames)[number];

/** Lets everything happen that is due. */
export function tellStory(_name: StoryName, _hosts: readonly SimulatedHost[]): (now: Moment) => void {
  return () => {};
}
