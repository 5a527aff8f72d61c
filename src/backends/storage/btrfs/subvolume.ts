import * as z from "zod";
import type { Data } from "../../../inventory/service.ts";
import type { Check, RunStep } from "../../../plan/plan.ts";
import { askHosts, learn, type Planning } from "../../../plan/planning.ts";
import { isSnapshotName } from "../../../plan/snapshot-tag.ts";
import { failureOf, parseJson } from "../../parse.ts";
import type { WhyNot } from "../../verbs.ts";
import { asRoot, dataStep } from "../data-steps.ts";

/** A declared subvolume as it is now, and from where it is worked on. */
export interface Subvolume {
  readonly place: Data;
  readonly path: string;
  /** From the top of its file system on: `mail`, `@srv/mail`. Empty for the whole of it. */
  readonly name: string;
  /** Where its own name stands. Of what is mounted this is seen only where `open` mounts the whole file system. */
  readonly entry: string;
  /** Where its snapshots are. On the same file system, and not in it, but for the whole. */
  readonly snapshots: string;
  readonly mount?: Mounted;
  readonly open: readonly RunStep[];
  readonly close: readonly RunStep[];
}

export interface Mounted {
  readonly source: string;
  /** Without those that name the subvolume. */
  readonly options: string;
}

const mounted = z.object({
  filesystems: z.tuple([z.object({ source: z.string(), options: z.string(), uuid: z.string() })]),
});

const shown = /^(\S.*)\n\s*Name:/;

/** Looks at a subvolume. `number` tells the steps of several places apart. */
export function* findSubvolume(place: Data, host: string, number: number): Planning<Subvolume | WhyNot> {
  const path = place.name;
  const [real, show, mount] = yield* askHosts(
    [
      asRoot("readlink", "-f", "--", path),
      asRoot("btrfs", "subvolume", "show", "--", path),
      asRoot("findmnt", "-J", "-o", "SOURCE,OPTIONS,UUID", "--mountpoint", path),
    ].map((command) => ({ host, command })),
  );
  if (!real || !show || !mount) throw new TypeError("Three questions have three answers.");
  const target = real.stdout.replace(/\n$/, "");
  if (real.exitCode === 0 && target !== path)
    return {
      whyNot: `${path} on ${host} is another word for ${target}.`,
      hint: `Write ${target} in the inventory.`,
    };
  const whole = shown.exec(show.stdout)?.[1];
  if (show.exitCode !== 0 || whole === undefined)
    return {
      whyNot: `${path} on ${host} is no subvolume of btrfs: ${failureOf(show)}`,
      hint: "btrfs subvolume create makes one; a folder has to be copied into it while its service is stopped.",
    };
  const name = whole === "/" ? "" : whole;
  const last = name.slice(name.lastIndexOf("/") + 1);
  if (mount.exitCode !== 0) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    return { place, path, name, entry: path, snapshots: `${folder}/.scrap/${last}`, open: [], close: [] };
  }
  const [{ source, options, uuid }] = parseJson(mount.stdout, mounted).filesystems;
  const mountOfIt = {
    source: source.replace(/\[.*\]$/, ""),
    options: options
      .split(",")
      .filter((option) => !/^subvol(id)?=/.test(option))
      .join(","),
  };
  // Its own snapshots do not contain what is a subvolume in it: so they may be in it, where there is nothing around it.
  if (name === "")
    return {
      place,
      path,
      name,
      entry: path,
      snapshots: `${path === "/" ? "" : path}/.scrap/.whole`,
      mount: mountOfIt,
      open: [],
      close: [],
    };
  const top = `/run/scrap/btrfs-${uuid}-${number}`;
  const around = name.slice(0, -last.length);
  return {
    place,
    path,
    name,
    entry: `${top}/${name}`,
    snapshots: `${top}/${around}.scrap/${last}`,
    mount: mountOfIt,
    open: [
      {
        ...openTop(`open-${number}`, host, mountOfIt.source, top),
        undo: [closeTop(`undo-open-${number}`, host, top)],
      },
    ],
    // The way back leads through it once more.
    close: [
      {
        ...closeTop(`close-${number}`, host, top),
        undo: [openTop(`undo-close-${number}`, host, mountOfIt.source, top)],
      },
    ],
  };
}

/** The tag of its snapshot that lies there, seen from the top of the file system; undefined for anything else. */
export function snapshotAt({ name }: Subvolume, path: string): string | undefined {
  const at = name.lastIndexOf("/") + 1;
  const folder = name === "" ? ".scrap/.whole/" : `${name.slice(0, at)}.scrap/${name.slice(at)}/`;
  const tag = path.slice(folder.length);
  return path.startsWith(folder) && isSnapshotName(tag) ? tag : undefined;
}

const isMountpoint = (path: string, host: string, exitCode: 0 | 1) => ({
  kind: "command" as const,
  title: `${path} is ${exitCode === 0 ? "" : "not "}mounted`,
  host,
  command: asRoot("findmnt", "--mountpoint", path),
  expect: { exitCode },
});

const openTop = (id: string, host: string, source: string, top: string): RunStep =>
  dataStep(
    id,
    `Mount all of ${source} for a moment`,
    host,
    ["mount", "-t", "btrfs", "-o", "X-mount.mkdir=0700,subvolid=5", source, top],
    { done: isMountpoint(top, host, 0) },
  );

const closeTop = (id: string, host: string, top: string): RunStep =>
  dataStep(id, "Unmount it again", host, ["umount", top], {
    done: isMountpoint(top, host, 1),
    optional: true,
  });

/** Takes it out of its mount point, and mounts it there again after `between`. */
export function remounted(
  { path, name, mount }: Subvolume,
  host: string,
  number: number,
  between: readonly RunStep[],
): readonly RunStep[] {
  if (!mount) return between;
  const unmount = (id: string, undo: readonly RunStep[] = []) =>
    dataStep(id, `Unmount ${path}`, host, ["umount", path], {
      done: isMountpoint(path, host, 1),
      ...(undo.length > 0 ? { undo } : {}),
    });
  const remount = (id: string, undo: readonly RunStep[] = []) =>
    dataStep(
      id,
      `Mount ${path}`,
      host,
      ["mount", "-t", "btrfs", "-o", `${mount.options},subvol=/${name}`, mount.source, path],
      { done: isMountpoint(path, host, 0), ...(undo.length > 0 ? { undo } : {}) },
    );
  return [
    unmount(`unmount-${number}`, [remount(`undo-unmount-${number}`)]),
    ...between,
    remount(`mount-${number}`, [unmount(`undo-mount-${number}`)]),
  ];
}

/** Names from the top of the file system on. Those of ours are left out. */
export function* subvolumesIn({ path, name }: Subvolume, host: string): Planning<readonly string[]> {
  const list = yield* learn(host, asRoot("btrfs", "subvolume", "list", "-o", "--", path));
  return [...list.matchAll(/ path (.*)$/gm)]
    .map(([, found = ""]) => found)
    .filter((found) => !found.slice(name.length).replace(/^\//, "").startsWith(".scrap/"));
}

export const isSubvolume = (path: string, host: string): Check => ({
  kind: "command",
  title: `${path} is a subvolume`,
  host,
  command: asRoot("btrfs", "subvolume", "show", "--", path),
  expect: { exitCode: 0 },
});
