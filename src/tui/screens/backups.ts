import type { Backup, Service } from "../../inventory/service.ts";
import { toDuration } from "../../words.ts";
import { defineList, type List } from "./list.ts";

interface Declared {
  readonly service: Service;
  readonly host: string;
  readonly backup: Backup;
}

/** What was declared. How old the newest copies are nobody asks yet, and so no column says it. */
export const backups: readonly List[] = [
  defineList<Declared>({
    id: "backups.declared",
    title: "declared",
    rows: ({ homelab }) =>
      homelab.services.flatMap(({ service, host }) =>
        service.backups.map((backup) => ({ service, host, backup })),
      ),
    toRow: ({ service, host, backup }) => ({
      key: `${service.name} ${backup.to}`,
      ref: { kind: "service", id: service.name },
      kind: "backup",
      host,
      name: service.name,
      health: "unasked",
    }),
    empty: "No service declares a backup. The inventory has a place for them: services › NAME › backups.",
    columns: [
      { title: "SERVICE", cell: ({ service }) => service.name, rank: 0 },
      { title: "TO", cell: ({ backup }) => backup.to, rank: 0 },
      { title: "EVERY", cell: ({ backup }) => toDuration(backup.everyMs), align: "right", rank: 1 },
      {
        title: "RPO",
        cell: ({ service: { sla } }) => (sla?.rpoMs === undefined ? "" : toDuration(sla.rpoMs)),
        align: "right",
        rank: 1,
      },
      {
        title: "SNAPSHOTS EVERY",
        cell: ({ service: { snapshots } }) => (snapshots ? toDuration(snapshots.everyMs) : ""),
        align: "right",
        rank: 2,
      },
      { title: "HOST", cell: ({ host }) => host, rank: 2, flexible: true },
    ],
  }),
];
