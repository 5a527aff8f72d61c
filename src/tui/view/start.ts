import type { Homelab } from "../../model/homelab.ts";
import { worstFirst } from "../screens/fleet.ts";
import { newList, type View } from "./view.ts";

/** With the cursor of the fleet on the host that is worst, where one is not well. */
export function onWorst(view: View, { hosts }: Homelab): View {
  const unwell = hosts.filter(({ state }) => state !== "ok" && state !== "unknown");
  const [worst] = unwell.toSorted(worstFirst);
  const root = view.roots.fleet ?? { tab: 0, list: newList };
  if (!worst || root.list.selected === worst.name) return view;
  return {
    ...view,
    roots: { ...view.roots, fleet: { ...root, list: { ...root.list, selected: worst.name } } },
  };
}
