// Where everything of a scheduled job is on its host.
import { recordsFolder } from "../backends/backup/schedule/probes.ts";

const scripts = "/usr/local/lib/scrap";

export const unitOf = (name: string): string => `scrap-${name}`;
export const scriptOf = (name: string): string => `${scripts}/${unitOf(name)}`;
/** What was put there, and how its runs went: for everybody to read. */
export const recordOf = (name: string): string => `${recordsFolder}/${name}`;
export const runsOf = (name: string): string => `${recordOf(name)}.runs`;
/** For root alone. */
export const secretOf = (name: string): string => `/etc/scrap/schedule/${name}.password`;
export const serviceUnitOf = (name: string): string => `/etc/systemd/system/${unitOf(name)}.service`;
export const timerUnitOf = (name: string): string => `/etc/systemd/system/${unitOf(name)}.timer`;
export const cronOf = (name: string): string => `/etc/cron.d/${unitOf(name)}`;

/** All files that a job may have on its host. */
export const filesOf = (name: string): readonly string[] => [
  timerUnitOf(name),
  serviceUnitOf(name),
  cronOf(name),
  scriptOf(name),
  secretOf(name),
  runsOf(name),
  recordOf(name),
];

/** Those that go when nothing is in them any more. */
export const foldersOf: readonly string[] = [scripts, "/etc/scrap/schedule", "/etc/scrap", recordsFolder];
