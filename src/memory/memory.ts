import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Homelab, KnownHost } from "../model/homelab.ts";
import type { Known } from "../model/resources.ts";
import type { KnownService } from "../model/services.ts";

/** What was known of a homelab when somebody looked last: shown at the next start, before any host has answered. */
export interface Memory<Place> {
  readonly title: string;
  readonly places: ReadonlyMap<string, Place>;
  readonly homelab: Homelab;
}

/** One file for each inventory. */
export function memoryPath(
  inventory: string,
  { XDG_CACHE_HOME }: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const base = XDG_CACHE_HOME?.startsWith("/") ? XDG_CACHE_HOME : join(home, ".cache");
  const name = createHash("sha256").update(inventory).digest("hex").slice(0, 16);
  return join(base, "scrap", "last-known", `${name}.json`);
}

/** Undefined when there is none, or it is none of ours: another version of the program may know other things. */
export function readMemory<Place>(file: string, version: string): Memory<Place> | undefined {
  try {
    const memory = JSON.parse(readFileSync(file, "utf8"));
    if (memory.version !== version) return undefined;
    const resources: readonly Known[] = memory.resources.map(revive);
    const byId = new Map(resources.map((resource) => [resource.id, resource]));
    const known = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? []);
    const hosts = memory.hosts.map((host: KnownHost) => ({
      ...revive(host),
      link: { status: "idle" },
      probes: {},
    }));
    const services = memory.services.map(
      (service: KnownService & Record<"parts" | "uses", readonly string[]>) => ({
        ...revive(service),
        copies: service.copies ?? { backups: [] },
        parts: known(service.parts),
        uses: known(service.uses),
      }),
    );
    return {
      title: memory.title,
      places: new Map(memory.places),
      homelab: { hosts, services, resources },
    };
  } catch {
    return undefined;
  }
}

/** The only date that any of them has. Looking for it everywhere would take longer than all the rest. */
const revive = <Seen extends { readonly seenAt?: Date }>(seen: Seen): Seen =>
  seen.seenAt === undefined ? seen : { ...seen, seenAt: new Date(seen.seenAt) };

/** In one go, and for nobody else's eyes. That it cannot be written is no reason to fail: it is a help only. */
export function writeMemory<Place>(
  file: string,
  version: string,
  { title, places, homelab }: Memory<Place>,
): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ version, title, places: [...places], ...toPlain(homelab) });
    // Two of us may look at the same homelab.
    const draft = `${file}.${process.pid}.new`;
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // Then the next start shows nothing until the first host answers.
  }
}

/** What cannot be drawn would not be drawn at the next start either. */
export const forgetMemory = (file: string): void => rmSync(file, { force: true });

/** Without what is of no interest, and without how hosts were reached: that is another time's. */
function toPlain({ hosts, services, resources }: Homelab) {
  const ids = ({ id }: Known) => id;
  return {
    hosts: hosts.map(({ link: _, probes: __, ...host }) => host),
    services: services.map(({ parts, uses, ...service }) => ({
      ...service,
      parts: parts.map(ids),
      uses: uses.map(ids),
    })),
    resources: resources
      .filter(({ background, health }) => !background || health !== "ok")
      // Its answers are another time's, too.
      .map(({ due: _, ...resource }) => resource),
  };
}
