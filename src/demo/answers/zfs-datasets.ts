import type { Zpool } from "../state-storage.ts";
import { type Answer, complain, isAsked, lines, operandsOf, optionOf, type Program, say } from "./tool.ts";
import { changeDatasets } from "./zfs-changes.ts";

type Row = Readonly<Record<string, string | number>>;

/** `zfs` of OpenZFS 2.3: datasets, and their snapshots. */
export const zfsProgram: Program = (args, surroundings) => {
  const { host, dateOf, now } = surroundings;
  const { zpools } = host;
  const [verb, ...rest] = args;
  const datasets = zpools.flatMap(datasetRows);
  if (verb === "list") {
    const snapshots = [
      ...zpools.flatMap(({ name }) => madeByTimer(name, dateOf(now))),
      ...zpools.flatMap((pool) =>
        pool.datasets.flatMap(({ name, origin, madeAt }) =>
          // A clone was not there yet when they were made.
          (origin === "-" ? madeByTimer(`${pool.name}/${name}`, dateOf(now)) : []).filter(
            ({ creation }) => madeAt === undefined || creation * 1000 >= dateOf(madeAt).getTime(),
          ),
        ),
      ),
      ...zpools.flatMap(({ snapshots: all, datasets: own, name: pool }) =>
        all.map(({ name, at }) => ({
          ...snapshotRow(name, Math.floor(dateOf(at).getTime() / 1000)),
          clones: own.flatMap((each) => (each.origin === name ? `${pool}/${each.name}` : [])).join(","),
        })),
      ),
    ];
    return list(rest, datasets, snapshots);
  }
  if (verb === "get" && isAsked(rest, "-H", "-o", "value", "*", "*")) {
    const [property = "", name] = rest.slice(3);
    const value = datasets.find((row) => row["name"] === name)?.[property];
    return value === undefined ? missing(name) : say(`${value}\n`);
  }
  // All that is set is what a clone gets anyhow.
  if (verb === "get" && isAsked(rest, "-H", "-p", "-s", "local,received", "-o", "property,value", "all", "*"))
    return datasets.some((row) => row["name"] === rest[7]) ? say("") : missing(rest[7]);
  const changed = changeDatasets(args, surroundings);
  if (changed) return changed;
  return complain(2, `${verb} ${rest.join(" ")}: not in this demo\n`);
};

const snapshotRow = (name: string, creation: number) => ({
  name,
  creation,
  used: 0,
  userrefs: 0,
  clones: "",
});

const everySeconds = 900;

/** Those that the timer `zfs-snapshot` made last, and keeps. */
const madeByTimer = (dataset: string, now: Date) =>
  [2, 1, 0].map((back) => {
    const seconds = (Math.floor(now.getTime() / 1000 / everySeconds) - back) * everySeconds;
    const [day, time = ""] = new Date(seconds * 1000).toISOString().split("T");
    return snapshotRow(`${dataset}@autosnap_${day}_${time.slice(0, 8)}_frequently`, seconds);
  });

const missing = (name: string | undefined) => complain(1, `cannot open '${name}': dataset does not exist\n`);

/** All of a kind; or what is named, with what is below it as far as `-r` and `-d` say. */
function list(args: readonly string[], datasets: readonly Row[], snapshots: readonly Row[]): Answer {
  const named = args.includes("--")
    ? operandsOf(args)
    : args.filter((word, at) => !word.startsWith("-") && !/^-[otd]$/.test(args[at - 1] ?? ""));
  const isBelow = args.includes("-r") || args.includes("-d");
  const rows = optionOf(args, "-t") === "snapshot" ? snapshots : datasets;
  const unknown = named.find((name) => ![...datasets, ...snapshots].some((row) => row["name"] === name));
  if (unknown !== undefined) return missing(unknown);
  const meant = (own: string) =>
    named.length === 0 ||
    named.some(
      (name) => own === name || (isBelow && (own.startsWith(`${name}/`) || own.startsWith(`${name}@`))),
    );
  return table(
    args,
    rows.filter(({ name }) => meant(`${name}`)),
  );
}

export function table(args: readonly string[], rows: readonly Row[]): Answer {
  const columns = optionOf(args, "-o")?.split(",") ?? [];
  const unknown = columns.find((column) => rows.some((row) => !(column in row)));
  if (unknown !== undefined) return complain(2, `bad property list: invalid property '${unknown}'\n`);
  return say(lines(rows.map((row) => columns.map((column) => row[column]).join("\t"))));
}

const datasetRows = ({ name, sizeBytes, allocatedBytes, datasets }: Zpool): readonly Row[] => {
  const available = Math.floor(sizeBytes * 0.97) - allocatedBytes;
  const row = (dataset: string, used: number) => ({
    name: dataset,
    type: "filesystem",
    used,
    available,
    mountpoint: `/${dataset}`,
    mounted: "yes",
    canmount: "on",
    encryptionroot: "-",
    origin: "-",
  });
  return [
    row(name, allocatedBytes),
    ...datasets.map((each) => ({
      ...row(`${name}/${each.name}`, each.usedBytes),
      mounted: each.isMounted ? "yes" : "no",
      canmount: each.canmount,
      origin: each.origin,
    })),
  ];
};
