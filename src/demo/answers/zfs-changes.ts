import { filesystemOf } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import type { ZfsDataset, Zpool } from "../state-storage.ts";
import { type Answer, complain, isAsked, type Surroundings, say } from "./tool.ts";

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

const destroy: Change = ([name = "", ...more], { host }) => {
  if (more.length > 0) return complain(2, "only one at a time is simulated\n");
  const pool = poolOf(name, host);
  if (!name.includes("@")) return destroyDataset(name, host);
  const at = pool?.snapshots.findIndex((each) => each.name === name) ?? -1;
  if (at < 0) return complain(1, "could not find any snapshots to destroy; check snapshot names.\n");
  if (pool?.datasets.some(({ origin }) => origin === name))
    return complain(1, `cannot destroy '${name}': snapshot has dependent clones\n`);
  pool?.snapshots.splice(at, 1);
  return done;
};

function destroyDataset(name: string, host: SimulatedHost): Answer {
  const found = find(name, host);
  if (!found) return missing(name);
  const { pool, dataset } = found;
  if (pool.snapshots.some((each) => each.name.startsWith(`${name}@`)))
    return complain(1, `cannot destroy '${name}': filesystem has children\n`);
  if (dataset.isMounted) return complain(1, `cannot unmount '${name}': pool or dataset is busy\n`);
  pool.datasets.splice(pool.datasets.indexOf(dataset), 1);
  return done;
}

const create: Change = (args, { host, now }) => {
  const name = args.at(-1) ?? "";
  const pool = poolOf(name, host);
  if (!pool) return complain(1, `cannot create '${name}': no such pool '${name.split("/")[0]}'\n`);
  if (find(name, host)) return complain(1, `cannot create '${name}': dataset already exists\n`);
  const canmount = args.includes("canmount=noauto") ? "noauto" : "on";
  const dataset = {
    ...fresh,
    name: within(name),
    form: 1,
    usedBytes: 98_304,
    canmount,
    origin: "-",
    madeAt: now,
  };
  pool.datasets.push(dataset);
  if (canmount === "on") mountAt(dataset, pool, host);
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

function mountAt(dataset: ZfsDataset, pool: Zpool, host: SimulatedHost, path?: string): void {
  dataset.isMounted = true;
  const devices = host.filesystems.map(({ device }) => Number(device.split(":")[1]));
  const made = filesystemOf(dataset, pool, Math.max(...devices) + 1);
  host.filesystems.push({ ...made, mountpoint: path ?? made.mountpoint });
}

function unmountAt(dataset: ZfsDataset, pool: Zpool, { filesystems }: SimulatedHost): void {
  dataset.isMounted = false;
  const at = filesystems.findIndex(({ source }) => source === `${pool.name}/${dataset.name}`);
  if (at >= 0) filesystems.splice(at, 1);
}

const changes = { snapshot, destroy, create, clone, promote, rename, set, mount, unmount } as const;

/** What `zfs` does; undefined for what changes nothing, or is not simulated. */
export function changeDatasets(args: readonly string[], surroundings: Surroundings): Answer | undefined {
  const [verb = "", ...rest] = args;
  const change = Object.hasOwn(changes, verb) && changes[verb as keyof typeof changes];
  if (!change) return undefined;
  if (surroundings.user !== "root") return complain(1, `cannot ${verb}: permission denied\n`);
  return change(rest, surroundings);
}

/** `mount -t zfs -o … DATASET PATH`, and `umount PATH`. */
export const mountPrograms = {
  "/usr/bin/mount": (args: readonly string[], { host, user }: Surroundings): Answer => {
    const [name = "", path = ""] = args.slice(-2);
    const found = isAsked(args, "-t", "zfs", "-o", "*", "*", "*") ? find(name, host) : undefined;
    if (user !== "root") return complain(32, `mount: ${path}: must be superuser to use mount.\n`);
    if (!found) return complain(32, `mount: ${path}: special device ${name} does not exist.\n`);
    if (found.dataset.isMounted) return complain(32, `filesystem '${name}' is already mounted\n`);
    mountAt(found.dataset, found.pool, host, path);
    return done;
  },
  "/usr/bin/umount": ([path]: readonly string[], { host, user }: Surroundings): Answer => {
    const mounted = host.filesystems.find(({ mountpoint }) => mountpoint === path);
    const found = find(mounted?.source, host);
    if (user !== "root" || !found) return complain(32, `umount: ${path}: not mounted.\n`);
    unmountAt(found.dataset, found.pool, host);
    return done;
  },
};
