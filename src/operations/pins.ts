import { InventoryError, Refused } from "../errors.ts";
import { imagesIn } from "../inventory/images-in-yaml.ts";
import { findPin, isQuadlet, type Pin } from "../inventory/pin.ts";
import type { Service } from "../inventory/service.ts";
import { listOwnFolder, type Planning, readOwnFile } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";

/** A pin, and the file in which it stands, as it is now. */
export interface FoundPin extends Pin {
  readonly text: string;
  readonly sha256: string;
}

/**
 * All places where the user keeps the version of a service, which hold the same: `version.in`, else the image of what it
 * is put in place from; and `version.pin` of the inventory. Throws `Refused` or `InventoryError` that names file and field.
 */
export function* findPins(
  service: Service,
  { inventory }: Pick<Ground, "inventory">,
): Planning<readonly [FoundPin, ...FoundPin[]]> {
  const { version, name } = service;
  const inFiles = version?.in
    ? yield* pinAt(version.in.file, service, version.in.variable)
    : yield* pinInSource(service);
  const pins = [...(inFiles ? [inFiles] : [])];
  if (version?.pin !== undefined && inventory.file !== undefined)
    pins.push(yield* read(inventory.file, `services.${name}.version.pin`));
  const [first, second] = pins;
  if (!first)
    throw new Refused(`Nobody said where the version of ${name} is written down.`, {
      hint: `Say so in the inventory, at services.${name}: version: { in: FILE#variable }`,
    });
  if (second && first.version !== second.version)
    throw new Refused(
      `${name} has two versions: ${placeOf(first)} says ${first.version}, ${placeOf(second)} says ${second.version}.`,
      { hint: "Which one is right? Correct the other one first." },
    );
  return [first, ...pins.slice(1)];
}

/** The version of a service as it is written down now; empty where it is not. */
export function* versionOf(service: Service, ground: Pick<Ground, "inventory">): Planning<string> {
  const { pin, in: file } = service.version ?? {};
  return pin === undefined && file === undefined ? "" : (yield* findPins(service, ground))[0].version;
}

/** For people. */
export const placeOf = ({ file, line, field }: Pin): string => `${file}:${line} (${field})`;

function* pinInSource(service: Service): Planning<FoundPin | undefined> {
  const { from, runs } = service;
  if (from?.kind === "compose" || from?.kind === "manifest") return yield* pinAt(from.file, service);
  if (from?.kind !== "files") return undefined;
  const files = (yield* listOwnFolder(from.folder)) ?? [];
  const own = files.includes(runs.name) && /\.(container|image)$/.test(runs.name) ? [runs.name] : undefined;
  const quadlets = own ?? files.filter((file) => isQuadlet(file) && !/\.(pod|kube)$/.test(file));
  const found: FoundPin[] = [];
  for (const file of quadlets) found.push(yield* read(`${from.folder}/${file}`));
  return theOne(found, service);
}

/** A file whose variable nobody named is a compose file, a manifest or a quadlet: then it is its image. */
function* pinAt(file: string, service: Service, variable?: string): Planning<FoundPin> {
  if (variable !== undefined || isQuadlet(file)) return yield* read(file, variable);
  const { text } = yield* readWhole(file);
  const images = imagesIn(text);
  const wanted = service.version?.image;
  const ofIt = images.filter(({ image }) => wanted === undefined || isOf(image, wanted));
  const [only, other] = ofIt.length > 0 ? ofIt : images;
  if (!only) return yield* read(file);
  if (other) throw toSeveral(service, file, ofIt.length > 0 ? ofIt : images);
  // As Compose fills it in, from the file beside it.
  const [, filled] = /:\$(?:\{(\w+)(?::?-[^}]*)?\}|(\w+))$/.exec(only.image)?.filter(Boolean) ?? [];
  if (filled === undefined) return yield* read(file, only.path);
  const beside = file.replace(/[^/]*$/, ".env");
  if ((yield* readOwnFile(beside)) === undefined)
    throw new Refused(`${file}: ${only.path}: ${only.image} is filled in, and there is no ${beside}.`, {
      hint: `Say where it is written: version: { in: FILE#${filled} }`,
    });
  return { ...(yield* read(beside, filled)), image: only.image.replace(/:\$.*$/, "") };
}

function theOne(found: readonly FoundPin[], service: Service): FoundPin | undefined {
  const wanted = service.version?.image;
  const ofIt = wanted === undefined ? found : found.filter(({ image }) => image === wanted);
  const [first, second] = ofIt.length > 0 ? ofIt : found;
  if (second)
    throw toSeveral(
      service,
      "",
      found.map(({ file, image }) => ({ path: file, image: `${image}` })),
    );
  return first;
}

const isOf = (image: string, wanted: string): boolean => image === wanted || image.startsWith(`${wanted}:`);

const toSeveral = (
  { name }: Service,
  file: string,
  images: readonly { readonly path: string; readonly image: string }[],
) =>
  new Refused(
    `Which image of ${name} is the one that is upgraded?\n${images.map(({ path, image }) => `  ${file === "" ? "" : `${file}: `}${path}: ${image}`).join("\n")}`,
    { hint: `Name it in the inventory, at services.${name}: version: { image: … }, without the tag` },
  );

function* read(file: string, variable?: string): Planning<FoundPin> {
  const { text, sha256 } = yield* readWhole(file);
  return { ...findPin(file, text, variable), text, sha256 };
}

function* readWhole(file: string) {
  const found = yield* readOwnFile(file);
  if (!found) throw new InventoryError(`${file} is not there, where a version should be written.`);
  return found;
}
