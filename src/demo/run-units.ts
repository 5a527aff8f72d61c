import { type Release, releaseOf } from "./homelab/products.ts";
import { readQuadlet } from "./quadlets.ts";
import type { SimulatedHost } from "./state.ts";
import type { Moment } from "./state-time.ts";
import type { Container, Unit } from "./state-workloads.ts";
import { container, quadletFolder, unitOfQuadlet } from "./workloads.ts";

/** What goes up and down with the unit of a pod. */
export const membersOf = ({ name }: Unit, { units }: SimulatedHost) =>
  units.filter(({ wantedBy }) => wantedBy.includes(name));

const containersOf = ({ name, user }: Unit, { containers }: SimulatedHost) =>
  containers.filter((each) => each.unit === name && each.user === user);

export const isUp = ({ active }: Unit) => active === "active" || active === "activating";

export function stopUnit(unit: Unit, host: SimulatedHost, now: Moment): void {
  if (!isUp(unit)) return;
  Object.assign(unit, { active: "inactive", sub: "dead", result: "success", changedAt: now });
  for (const each of containersOf(unit, host))
    Object.assign(each, { state: "exited", exitCode: 0, endedAt: now });
  log(host, now, unit, `Stopped ${unit.name} - ${unit.description}.`);
}

export function startUnit(unit: Unit, host: SimulatedHost, now: Moment): void {
  if (unit.active === "active") return;
  const sub = unit.isOneShot ? "exited" : "running";
  const well = { active: "active", sub, result: "success", exitCode: 0, exitStatus: 0, restarts: 0 };
  Object.assign(unit, { ...well, startedAt: now, changedAt: now });
  if (unit.read !== undefined) recreate(unit, unit.read, host, now);
  for (const each of containersOf(unit, host))
    Object.assign(each, { state: "running", exitCode: 0, restarts: 0, startedAt: now });
  log(host, now, unit, `Started ${unit.name} - ${unit.description}.`);
  for (const each of containersOf(unit, host)) run(each, unit, host, now);
}

/** Podman makes a new container at each start, of what the quadlet says. */
function recreate(unit: Unit, text: string, host: SimulatedHost, now: Moment): void {
  const quadlet = readQuadlet(text);
  if (!quadlet) return;
  const { name, image, ...more } = quadlet;
  const user = unit.user === undefined ? {} : { user: unit.user };
  const at = host.containers.findIndex((each) => each.unit === unit.name && each.user === unit.user);
  const made = { ...more, ...user, policy: "no", unit: unit.name, createdAt: now };
  host.containers.splice(at < 0 ? host.containers.length : at, 1, container("podman", name, image, made));
}

/** What is in it meets the data: it brings that to its own form, ends over it, or neither. */
function run({ image, mounts, name }: Container, unit: Unit, host: SimulatedHost, now: Moment): void {
  const release = releaseOf(image);
  if (!release) return;
  const { form = 1 } = release;
  let lastWords: Release["lastWords"] = release.lastWords;
  for (const dataset of host.zpools.flatMap((pool) =>
    pool.datasets.filter((each) =>
      mounts.some(({ source }) => each.isMounted && source === `/${pool.name}/${each.name}`),
    ),
  )) {
    if (dataset.form > form) lastWords = ["the database is of a newer version", "exiting with status 1"];
    if (dataset.form < form) Object.assign(dataset, { form, usedBytes: Math.round(dataset.usedBytes * 1.3) });
  }
  if (lastWords) fallOver(unit, lastWords, host, name, now);
}

const livesMs = 3_000;
const restartMs = 2_000;

/** It ends, and is started again, until somebody stops it. */
function fallOver(
  unit: Unit,
  lastWords: readonly string[],
  host: SimulatedHost,
  name: string,
  startedAt: Moment,
): void {
  const end = (now: Moment) => {
    if (unit.startedAt !== startedAt || unit.active !== "active") return;
    for (const [index, text] of lastWords.entries())
      host.journal.push({ at: now - lastWords.length + index, of: name, text });
    log(host, now, unit, `${unit.name}: Main process exited, code=exited, status=1/FAILURE`);
    const failed = { result: "exit-code", exitCode: 1, exitStatus: 1 };
    Object.assign(unit, { active: "activating", sub: "auto-restart", ...failed, changedAt: now });
    for (const each of containersOf(unit, host))
      Object.assign(each, { state: "exited", exitCode: 1, endedAt: now });
    host.due.push({ at: now + restartMs, act: (then) => again(now, then) });
  };
  const again = (endedAt: Moment, now: Moment) => {
    if (unit.changedAt !== endedAt || unit.active !== "activating") return;
    const restarts = unit.restarts + 1;
    startUnit(unit, host, now);
    unit.restarts = restarts;
  };
  host.due.push({ at: startedAt + livesMs, act: end });
}

/** Systemd reads its units anew, and podman's generator makes them of the quadlets that are there. */
export function readUnits(host: SimulatedHost): void {
  for (const unit of host.units) {
    const text = unit.read === undefined ? undefined : host.files.get(unit.source ?? "")?.text;
    if (text !== undefined) unit.read = text;
  }
  const isGone = ({ read, source = "", active }: Unit) =>
    read !== undefined && !host.files.has(source) && active !== "active";
  for (const unit of host.units.filter(isGone)) host.units.splice(host.units.indexOf(unit), 1);
  for (const [path, { text }] of host.files) {
    const [, name] = new RegExp(`^${quadletFolder}/([^/]+)\\.container$`).exec(path) ?? [];
    const isThere = host.units.some(({ source }) => source === path);
    if (name === undefined || isThere || !readQuadlet(text)) continue;
    host.units.push(unitOfQuadlet(name, path, text, { active: "inactive", sub: "dead" }));
  }
}

const log = (host: SimulatedHost, at: Moment, { name }: Unit, text: string) =>
  host.journal.push({ at, of: name, by: "systemd", text });
