import type { KnownHost } from "../model/homelab.ts";
import { listSnapshots, type SnapshotsOf } from "../operations/list-snapshots.ts";
import { eyesFor } from "../operations/operations.ts";
import { hostsAround, servicesAsked } from "../operations/services-meant.ts";
import { parseSnapshotTag } from "../plan/snapshot-tag.ts";
import { toAge, toSize } from "../words.ts";
import type { Context } from "./context.ts";
import { exitCodeOf } from "./exit-code.ts";
import type { ReadOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import { type Column, drawTable } from "./table.ts";

type Row = Omit<SnapshotsOf, "snapshots"> & { readonly snapshot?: SnapshotsOf["snapshots"][number] };

/** `scrap snapshots [SERVICE…]`: as the tools list them now. Resolves with 1 where one is of no use, or nobody can tell, with 3 where a host is away. */
export async function snapshots(
  context: Context,
  names: readonly string[],
  options: ReadOptions,
): Promise<number> {
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  const services = servicesAsked(names, inventory, ({ data }) => data.length > 0);
  const operations = await context.operations(options);
  const session = await context.open(inventory, options);
  let listed: readonly SnapshotsOf[];
  let around: readonly KnownHost[];
  try {
    const hosts = [...new Set(services.flatMap((service) => hostsAround(service, inventory)))];
    const meant = services.map(({ name }) => name);
    const eyes = eyesFor({ verb: "snapshot", name: meant.join(", "), names: meant }, inventory);
    await session.once(hosts, options.timeout * 1000, eyes);
    around = session.read(hosts).hosts;
    const ground = { backends: session.backends, homelab: session.read([...inventory.hosts.keys()]) };
    const all = services.map((service) => operations.ask(listSnapshots(service, ground), session));
    listed = (await Promise.all(all)).flat();
  } finally {
    await session.close();
  }
  const rows = listed.flatMap(({ snapshots, ...of }): Row[] =>
    snapshots.length === 0 ? [of] : snapshots.map((snapshot) => ({ ...of, snapshot })),
  );
  print(rows, context, options);
  await printDocuments(rows, context, options);
  const isWell = ({ whyNot, snapshot }: Row) => whyNot === undefined && snapshot?.invalid === undefined;
  return exitCodeOf(
    around,
    rows.map((row) => (isWell(row) ? "ok" : "degraded")),
  );
}

async function printDocuments(rows: readonly Row[], context: Context, options: ReadOptions): Promise<void> {
  const format = toFormat(options);
  if (format === "name")
    for (const { service, snapshot } of rows) if (snapshot) context.print(`${service} ${snapshot.tag}`);
  if (format === "json" || format === "yaml")
    context.print(await printDocument({ version: 1, snapshots: rows.map(toDocument) }, format));
}

function toDocument({ service, place, host, snapshot, whyNot, hint }: Row) {
  const about = snapshot && parseSnapshotTag(snapshot.tag);
  return {
    service,
    place: place && { kind: place.kind, name: place.name },
    host,
    ...(snapshot && {
      tag: snapshot.tag,
      createdAt: snapshot.createdAt,
      consistency: about?.consistency ?? null,
      madeBy: about?.operation ?? null,
      usedBytes: snapshot.usedBytes ?? null,
      isHeld: snapshot.isHeld ?? false,
      invalid: snapshot.invalid ?? null,
    }),
    whyNot,
    hint,
  };
}

function print(rows: readonly Row[], context: Context, options: ReadOptions): void {
  if (toFormat(options) !== "table") return;
  const now = new Date();
  const about = ({ snapshot }: Row) => snapshot && parseSnapshotTag(snapshot.tag);
  const columns: readonly Column<Row>[] = [
    { title: "SERVICE", cell: ({ service }) => service, essential: true },
    { title: "PLACE", cell: ({ place }) => place?.name ?? "" },
    { title: "HOST", cell: ({ host }) => host ?? "" },
    {
      title: "AGE",
      cell: ({ snapshot, whyNot }) =>
        snapshot ? toAge(snapshot.createdAt, now) : whyNot === undefined ? "never" : "unknown",
      essential: true,
    },
    // Of the snapshots of others nobody knows.
    {
      title: "CONSISTENCY",
      cell: (row) => about(row)?.consistency ?? (row.snapshot ? "unknown" : ""),
    },
    { title: "SIZE", cell: ({ snapshot }) => toSize(snapshot?.usedBytes), align: "right" },
    { title: "MADE BY", cell: (row) => about(row)?.operation ?? (row.snapshot ? "others" : "") },
    {
      title: "STATE",
      cell: ({ snapshot }) =>
        snapshot?.invalid === undefined ? (snapshot?.isHeld ? "held" : "") : "invalid",
    },
    { title: "TAG", cell: ({ snapshot }) => snapshot?.tag ?? "", flexible: true },
  ];
  if (rows.length > 0) context.print(drawTable(rows, columns, context.style));
  else context.print("No service declares data.");
  for (const { service, place, snapshot, whyNot, hint } of rows) {
    const name = `${service}${place ? ` ${place.name}` : ""}`;
    if (snapshot?.invalid !== undefined) context.complain(`! ${name}: ${snapshot.tag}: ${snapshot.invalid}`);
    if (whyNot !== undefined)
      context.complain(`! ${name}: ${whyNot}${hint === undefined ? "" : `\n  ${hint}`}`);
  }
}
