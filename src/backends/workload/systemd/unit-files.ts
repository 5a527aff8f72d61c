import type { Placement, Wish } from "../../verbs.ts";
import { isQuadlet, unitOfQuadlet } from "../quadlets.ts";

const isUnit = (file: string) =>
  /^[^/]+\.(?:service|socket|target|timer|path|mount|automount|swap|slice)$/.test(file);

/** `web.container`, of itself and of `web.container.d/more.conf`; undefined for what is neither unit nor quadlet. */
export function subjectOf(name: string): string | undefined {
  const [top = "", file, ...deeper] = name.split("/");
  const subject = file === undefined ? top : /\.d$/.test(top) ? top.slice(0, -2) : "";
  return deeper.length === 0 && (isQuadlet(subject) || isUnit(subject)) ? subject : undefined;
}

/** Where podman looks for quadlets, and systemd for units. */
const foldersOf = ({ owner }: Wish) =>
  owner
    ? { quadlets: `${owner.home}/.config/containers/systemd`, units: `${owner.home}/.config/systemd/user` }
    : { quadlets: "/etc/containers/systemd", units: "/etc/systemd/system" };

/** Where systemd or podman look for it, else where the service wants it; undefined when nobody said. */
export function pathOf(name: string, wish: Wish): string | undefined {
  const { from, runs } = wish;
  const { quadlets, units } = foldersOf(wish);
  const subject = subjectOf(name);
  if (subject !== undefined) return `${isQuadlet(subject) ? quadlets : units}/${name}`;
  if ("to" in from && from.to !== undefined) return `${from.to}/${name}`;
  return runs.kind === "quadlet" ? `${quadlets}/${name}` : undefined;
}

export const unitOf = (subject: string): string => (isQuadlet(subject) ? unitOfQuadlet(subject) : subject);

/** A unit that files are about. */
export interface OwnUnit {
  readonly unit: string;
  /** Made by podman's generator, which also enables it. */
  readonly isMade: boolean;
  /** It has an [Install] section: it wants to be started at boot. */
  readonly isWanted: boolean;
  readonly isChanged: boolean;
}

/** The units of a placement that can run by themselves: no templates, networks, volumes or images. */
export function ownUnits({ files }: Placement, changed: readonly string[]): readonly OwnUnit[] {
  const units = new Map<string, OwnUnit>();
  for (const { name, path, text } of files) {
    const subject = subjectOf(name);
    if (subject === undefined || !canRun(subject)) continue;
    const unit = unitOf(subject);
    const before = units.get(unit);
    units.set(unit, {
      unit,
      isMade: isQuadlet(subject),
      isWanted: before?.isWanted || /^\s*\[Install\]/m.test(text),
      isChanged: before?.isChanged || changed.includes(path),
    });
  }
  return [...units.values()];
}

const canRun = (subject: string) => !/@\.|\.(?:network|volume|image|build|slice)$/.test(subject);

/** The units of files that are taken away, and that no other file makes. */
export function goneUnits(wish: Wish, { files }: Placement, gone: readonly string[]): readonly string[] {
  const { quadlets, units } = foldersOf(wish);
  const left = files.map(({ name }) => unitOf(subjectOf(name) ?? ""));
  const names = gone.flatMap((path) =>
    [quadlets, units].flatMap((folder) =>
      path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : [],
    ),
  );
  return names
    .filter((name) => subjectOf(name) === name && canRun(name))
    .map(unitOf)
    .filter((unit, index, all) => !left.includes(unit) && all.indexOf(unit) === index);
}
