import { filesystemOf } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import type { ZfsDataset, Zpool } from "../state-storage.ts";
import { type Answer, complain, type Surroundings, say } from "./tool.ts";

type Change = (args: readonly string[], surroundings: Surroundings) => Answer;

const poolOf = (name: string | undefined, { zpools }: SimulatedHost): Zpool | undefined =>
  zpools.find((pool) => pool.name === name?.split(/[/@]/, 1)[0]);

/** A dataset below the top of its pool. */
function find(name: string | undefined, host: SimulatedHost) {
  const pool = poolOf(name, host);
  const dataset = pool?.datasets.find((each) => `${pool.name}/${each.name}` === name);
  return pool && dataset ? { pool, dataset } : undefined;
}

const missing = (name: string | undefined) => complain(1, `cannot open '${name}': dataset does not exist\n`);
const done = say("");

const snapshot: Change = (args, { host, now }) => {
  const names = args.filter((word, at) => word !== "-o" && args[at - 1] !== "-o");
  const found = names.map((name) => ({ name, ...find(name.split("@")[0], host) }));
  const unknown = found.find(({ dataset }) => dataset === undefined);
  if (unknown) return missing(unknown.name);
  for (const { name, pool, dataset } of found)
    if (dataset) pool?.snapshots.push({ name, at: now, form: dataset.form, usedBytes: dataset.usedBytes });
  return done;
};

const destroy: Change = ([name = ""], { host }) => {
  const pool = poolOf(name, host);
  const at = pool?.snapshots.findIndex((each) => each.name === name) ?? -1;
  if (at < 0) return complain(1, "could not find any snapshots to destroy; check snapshot names.\n");
  if (pool?.datasets.some(({ origin }) => origin === name))
    return complain(1, `cannot destroy '${name}': snapshot has dependent clones\n`);
  pool?.snapshots.splice(at, 1);
  return done;
};

const create: Change = ([, name = ""], { host }) => {
  const pool = poolOf(name, host);
  if (!pool) return complain(1, `cannot create '${name}': no such pool '${name.split("/")[0]}'\n`);
  if (find(name, host)) return complain(1, `cannot create '${name}': dataset already exists\n`);
  const dataset = { ...fresh, name: within(name), form: 1, usedBytes: 98_304, origin: "-" };
  pool.datasets.push(dataset);
  mountAt(dataset, pool, host);
  return done;
};

const fresh = { isMounted: false, canmount: "on" };
const within = (name: string) => name.slice(name.indexOf("/") + 1);

const clone: Change = (args, { host }) => {
  const [from = "", to = ""] = args.slice(-2);
  const pool = poolOf(from, host);
  const taken = pool?.snapshots.find(({ name }) => name === from);
  if (!pool || !taken) return missing(from);
  if (find(to, host)) return complain(1, `cannot create '${to}': dataset already exists\n`);
  const canmount = args.includes("canmount=noauto") ? "noauto" : "on";
  const { form, usedBytes } = taken;
  const dataset = { ...fresh, name: within(to), form, usedBytes, canmount, origin: from };
  pool.datasets.push(dataset);
  if (canmount === "on") mountAt(dataset, pool, host);
  return done;
};

/** The clone gets the snapshots up to its own, and what it was made of becomes a clone of it. */
const promote: Change = ([name = ""], { host }) => {
  const found = find(name, host);
  if (!found) return missing(name);
  const { pool, dataset } = found;
  const [parent = "", tag = ""] = dataset.origin.split("@");
  const own = find(parent, host)?.dataset;
  const taken = pool.snapshots.find((each) => each.name === dataset.origin);
  if (!own || !taken) return complain(1, `cannot promote '${name}': not a cloned filesystem\n`);
  for (const each of pool.snapshots)
    if (each.name.startsWith(`${parent}@`) && each.at <= taken.at)
      each.name = `${name}@${each.name.split("@")[1]}`;
  Object.assign(own, { origin: `${name}@${tag}` });
  dataset.origin = "-";
  return done;
};

const rename: Change = ([from = "", to = ""], { host }) => {
  const found = find(from, host);
  if (!found) return missing(from);
  if (find(to, host)) return complain(1, `cannot rename '${from}': dataset already exists\n`);
  const { pool, dataset } = found;
  const renamed = (name: string) => (name.startsWith(`${from}@`) ? `${to}${name.slice(from.length)}` : name);
  const { isMounted } = dataset;
  if (isMounted) unmountAt(dataset, pool, host);
  dataset.name = within(to);
  if (isMounted) mountAt(dataset, pool, host);
  for (const each of pool.snapshots) each.name = renamed(each.name);
  for (const each of pool.datasets) each.origin = renamed(each.origin);
  return done;
};

const set: Change = ([property = "", name], { host }) => {
  const found = find(name, host);
  if (!found) return missing(name);
  const [, value] = /^canmount=(on|noauto)$/.exec(property) ?? [];
  if (value === undefined)
    return complain(1, `cannot set property for '${name}': only canmount is simulated\n`);
  found.dataset.canmount = value;
  return done;
};

const mount: Change = ([name], { host }) => {
  const found = find(name, host);
  if (!found) return missing(name);
  if (found.dataset.isMounted) return complain(1, `cannot mount '${name}': filesystem already mounted\n`);
  mountAt(found.dataset, found.pool, host);
  return done;
};

const unmount: Change = ([name], { host }) => {
  const found = find(name, host);
  if (!found) return missing(name);
  if (!found.dataset.isMounted) return complain(1, `cannot unmount '${name}': not currently mounted\n`);
  const isBusy = host.containers.some(
    ({ state, mounts }) => state === "running" && mounts.some(({ source }) => source === `/${name}`),
  );
  if (isBusy) return complain(1, `cannot unmount '/${name}': pool or dataset is busy\n`);
  unmountAt(found.dataset, found.pool, host);
  return done;
};

function mountAt(dataset: ZfsDataset, pool: Zpool, host: SimulatedHost): void {
  dataset.isMounted = true;
  const devices = host.filesystems.map(({ device }) => Number(device.split(":")[1]));
  host.filesystems.push(filesystemOf(dataset, pool, Math.max(...devices) + 1));
}

function unmountAt(dataset: ZfsDataset, pool: Zpool, { filesystems }: SimulatedHost): void {
  dataset.isMounted = false;
  const at = filesystems.findIndex(({ source }) => source === `${pool.name}/${dataset.name}`);
  if (at >= 0) filesystems.splice(at, 1);
}

const changes = { snapshot, create, clone, promote, rename, set, mount, unmount } as const;

/** What `zfs` does; undefined for what changes nothing, or is not simulated. */
export function changeDatasets(args: readonly string[], surroundings: Surroundings): Answer | undefined {
  const [verb = "", ...rest] = args;
  const change =
    verb === "destroy"
      ? rest.length === 1 && rest[0]?.includes("@") && destroy
      : Object.hasOwn(changes, verb) && changes[verb as keyof typeof changes];
  if (!change) return undefined;
  if (surroundings.user !== "root") return complain(1, `cannot ${verb}: permission denied\n`);
  return change(rest, surroundings);
}
