import { activity } from "./activity.ts";
import { backups } from "./backups.ts";
import { fleet } from "./fleet.ts";
import type { List } from "./list.ts";
import { power } from "./power.ts";
import { services } from "./services.ts";
import { storage } from "./storage.ts";
import { workloads } from "./workloads.ts";

/** A root of the cockpit: a list with tabs. */
export interface Screen {
  readonly id: ScreenId;
  readonly title: string;
  readonly tabs: readonly List[];
}

export const screenIds = [
  "fleet",
  "services",
  "workloads",
  "storage",
  "power",
  "backups",
  "activity",
] as const;
export type ScreenId = (typeof screenIds)[number];

const tabsOf: Record<ScreenId, readonly List[]> = {
  fleet,
  services,
  workloads,
  storage,
  power,
  backups,
  activity,
};

/** In the order of their digits. */
export const screens: readonly Screen[] = screenIds.map((id) => ({ id, title: id, tabs: tabsOf[id] }));

export const screenNamed = (id: ScreenId): Screen =>
  screens.find((screen) => screen.id === id) ?? { id, title: id, tabs: [] };
