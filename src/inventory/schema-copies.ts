import * as z from "zod/mini";
import { exactlyOne, fields, may, must, named, needsBeside, oneRequired } from "./schema-shapes.ts";
import {
  absolutePath,
  choice,
  count,
  duration,
  flag,
  list,
  name,
  nameOf,
  operand,
  secret,
  text,
  url,
} from "./schema-words.ts";

export const dataLoss = choice(["tolerable", "intolerable"]);

const downtimeRule = "a duration in each period, such as 3d/month";

const downtime = z
  .string({ error: downtimeRule })
  .check(z.regex(/^(?:\d+(?:\.\d+)?(?:ms|[smhdwy]))+\/(?:day|week|month|year)$/, { error: downtimeRule }));

export const slaClass = fields({
  downtime: may(downtime, "How long it may be down: 3d/month, 1h/week"),
  rpo: may(duration, "How old the newest good copy may be: what may be lost"),
  rto: may(duration, "How long it may take to come back"),
  dataLoss: may(dataLoss, "Is it bearable to lose what was written since the last copy?"),
});

export const slaSchema = named(name, slaClass);

/** `user:password@` before the host, where a URL has it. A port is no password. */
const urlWithPassword = /^(?:[a-z0-9]+:)*\/\/[^/@:[]*:(?!\d+(?:\/|$)).*@/i;

/** And where the address of ssh would have it. */
const loginWithPassword = /^(?:sftp:)?(?!(?:sftp|rest|s3|b2|gs|azure|swift|rclone):)[^/@:[]+:[^/@:]+@/i;

/** What stands there is never repeated: it holds a secret. */
const repositoryAddress = operand.check(
  z.check(({ value, issues }) => {
    if (!urlWithPassword.test(value) && !loginWithPassword.test(value)) return;
    issues.push({
      code: "custom",
      input: value,
      params: { whole: true },
      message:
        "expected an address without a password, which would stand here and in the list of processes of every host that uses it: let root of the host log in by a key of its own (sftp:, ssh:)",
    });
  }),
);

const tools = ["restic", "borg", "kopia", "btrfs", "zfs", "cold"];

const repositorySchema = fields({
  restic: may(repositoryAddress, "The address of a restic repository: sftp:user@host:/path, s3:…, rest:…"),
  borg: may(repositoryAddress, "The address of a borg repository: ssh://user@host/path"),
  kopia: may(repositoryAddress, "The address of a kopia repository"),
  btrfs: may(absolutePath, "A folder on btrfs of the host `on`, to which subvolumes are sent"),
  zfs: may(operand, "A dataset of the host `on`, below which datasets are received"),
  on: may(nameOf("a host"), "The host of that folder or dataset"),
  cold: may(
    fields({
      label: must(text, "What is written on the medium, and the label of its file system"),
      serial: may(text, "Its serial number"),
      uuid: may(text, "The UUID of its file system"),
      on: must(nameOf("a host"), "The host that it is plugged into"),
    }),
    "A removable medium that lies in a drawer",
  ),
  password: may(secret, "Where the password of the repository is kept"),
  appendOnly: may(flag, "Hosts may add and never delete"),
  encrypt: may(choice(["age", "luks", "zfs", "none"]), "How a removable medium is encrypted"),
})
  .check(
    exactlyOne(tools, {
      password: ["restic", "borg", "kopia", "cold"],
      on: ["btrfs", "zfs"],
      encrypt: ["cold"],
    }),
    needsBeside("btrfs", "on"),
    needsBeside("zfs", "on"),
  )
  .register(z.globalRegistry, oneRequired(tools));

export const repositoriesSchema = named(name, repositorySchema);

const keep = fields({
  last: may(count(), "The newest so many"),
  hourly: may(count(), "One for each of so many hours"),
  daily: may(count(), "One for each of so many days"),
  weekly: may(count(), "One for each of so many weeks"),
  monthly: may(count(), "One for each of so many months"),
  yearly: may(count(), "One for each of so many years"),
});

const ping = may(
  url,
  "Told of each run on the host's own schedule, as healthchecks.io wants it: URL/start, URL when it went well, URL/fail",
);

export const snapshotsSchema = fields({
  every: must(duration, "How often"),
  keep: may(keep, "How many are kept"),
  while: may(
    choice(["running", "stopped"]),
    "running: as it is, but for its hooks; stopped: stopped for that moment. running when it is left out",
  ),
  ping,
});

export const backupsSchema = list(
  fields({
    to: must(nameOf("a repository"), "The repository, one of `repositories`"),
    every: must(duration, "How often"),
    keepWithin: may(duration, "All younger than this are kept"),
    keep: may(keep, "How many are kept"),
    ping,
  }),
);

export const replicaSchema = fields({
  on: must(nameOf("a host"), "The host that has the copy"),
  every: must(duration, "How often it is brought up to date"),
});

export const failoverSchema = fields({
  policy: must(
    choice(["manual", "automatic", "never"]),
    "manual: a person says so; automatic: when it is proven that the host is dead",
  ),
  to: may(list(nameOf("a host")), "Hosts it may go to. That of the replica when it is left out"),
  start: may(
    choice(["auto", "lease"]),
    "After a boot: auto starts it by itself, lease only when it is granted. auto when it is left out",
  ),
});

export type SlaFields = z.output<typeof slaClass>;
export type RepositoryFields = z.output<typeof repositorySchema>;
