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

/** Where systemd or podman look for it, else where the service wants it; undefined when nobody said. */
export function pathOf(name: string, { from, runs, owner }: Wish): string | undefined {
  const quadlets = owner ? `${owner.home}/.config/containers/systemd` : "/etc/containers/systemd";
  const units = owner ? `${owner.home}/.config/systemd/user` : "/etc/systemd/system";
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
    if (subject === undefined || /@\.|\.(?:network|volume|image|build|slice)$/.test(subject)) continue;
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
