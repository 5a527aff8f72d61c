import type { Data } from "../../../inventory/service.ts";
import type { Check } from "../../../plan/plan.ts";
import { askHost, learn, type Planning } from "../../../plan/planning.ts";
import { failureOf, parseLines } from "../../parse.ts";
import type { WhyNot } from "../../verbs.ts";
import { asRoot } from "../data-steps.ts";

/** A declared dataset as it is now. */
export interface Dataset {
  readonly place: Data;
  readonly name: string;
  readonly pool: string;
  readonly isVolume: boolean;
  readonly isMounted: boolean;
  /** `/path`, or `legacy`, `none`, `-`. */
  readonly mountpoint: string;
  readonly canmount: string;
  /** The dataset whose key encrypts it; `-` for none. */
  readonly encryptionRoot: string;
}

export function* findDataset(place: Data, host: string): Planning<Dataset | WhyNot> {
  const { name } = place;
  const output = yield* askHost(
    host,
    asRoot(
      ...(["zfs", "list", "-H", "-p", "-t", "filesystem,volume", "-o"] as const),
      "name,type,mounted,mountpoint,canmount,encryptionroot",
      "--",
      name,
    ),
  );
  const [found, type, mounted, mountpoint = "-", canmount = "-", encryptionRoot = "-"] = output.stdout
    .replace(/\n$/, "")
    .split("\t");
  if (output.exitCode !== 0 || found !== name)
    return { whyNot: `${name} on ${host} is no dataset of ZFS: ${failureOf(output)}` };
  return {
    place,
    name,
    pool: name.split("/", 1)[0] ?? name,
    isVolume: type === "volume",
    isMounted: mounted === "yes",
    mountpoint,
    canmount,
    encryptionRoot,
  };
}

/** Datasets below it, which are no part of its snapshots. */
export function* datasetsIn({ name }: Dataset, host: string): Planning<readonly string[]> {
  const list = yield* learn(
    host,
    asRoot("zfs", "list", "-H", "-r", "-t", "filesystem,volume", "-o", "name", "--", name),
  );
  return parseLines(list).filter((each) => each !== name);
}

/** What a copy is made with by its snapshot: it cannot be set. */
const inborn = new Set(
  "encryption keyformat keylocation pbkdf2iters volsize volblocksize utf8only normalization casesensitivity canmount".split(
    " ",
  ),
);

/** `-o name=value` for all that was set for it, which a clone would not have. */
export function* ownProperties({ name }: Dataset, host: string): Planning<readonly string[]> {
  const list = yield* learn(
    host,
    asRoot("zfs", "get", "-H", "-p", "-s", "local,received", "-o", "property,value", "all", name),
  );
  return parseLines(list).flatMap((line) => {
    const [property = "", ...value] = line.split("\t");
    return inborn.has(property) ? [] : ["-o", `${property}=${value.join("\t")}`];
  });
}

/** A file system, a volume or a snapshot. */
export const isDataset = (name: string, host: string): Check => ({
  kind: "command",
  title: `${name} is there`,
  host,
  command: asRoot("zfs", "list", "-H", "-o", "name", "--", name),
  expect: { exitCode: 0 },
});

/**
 * By what is around it: with exit 1 `zfs list` says no to whatever it cannot do, and "does not exist" where the pool is
 * not imported, too.
 */
export function isNoDataset(name: string, host: string): Check {
  const isSnapshot = name.includes("@");
  const around = name.slice(0, name.lastIndexOf(isSnapshot ? "@" : "/"));
  return {
    kind: "command",
    title: `${name} is not there`,
    host,
    command: asRoot(
      ...(["zfs", "list", "-H", "-d", "1", "-o", "name", "-t"] as const),
      isSnapshot ? "snapshot" : "filesystem,volume",
      "--",
      around,
    ),
    expect: { withoutLine: name },
  };
}

export const hasProperty = (name: string, property: string, value: string, host: string): Check => ({
  kind: "command",
  title: `${property} of ${name} is ${value}`,
  host,
  command: asRoot("zfs", "get", "-H", "-o", "value", property, name),
  expect: { stdout: value },
});
