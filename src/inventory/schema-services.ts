import * as z from "zod/mini";
import {
  backupsSchema,
  dataLoss,
  failoverSchema,
  replicaSchema,
  slaClass,
  snapshotsSchema,
} from "./schema-copies.ts";
import { healthSchema } from "./schema-health.ts";
import { exactlyOne, fields, may, must, named, needsBeside, oneRequired } from "./schema-shapes.ts";
import {
  absolutePath,
  argv,
  choice,
  count,
  duration,
  feedUrl,
  flag,
  list,
  name,
  nameOf,
  operand,
  port,
  size,
  text,
  userName,
} from "./schema-words.ts";

export const runsKinds = ["unit", "quadlet", "pod", "compose", "container"] as const;
export const fromKinds = ["playbook", "compose", "files", "manifest"] as const;
export const dataKinds = ["zfs", "btrfs", "path", "volume", "lvm"] as const;

const pattern = (expression: RegExp, expected: string) =>
  z.string({ error: expected }).check(z.regex(expression, { error: expected }));

const containerName = pattern(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "the name of a container or a pod");

const runs = fields({
  unit: may(
    pattern(
      /^[A-Za-z0-9:_.@\\][A-Za-z0-9:_.@\\-]*\.(?:service|socket|target|timer|path|mount|slice|scope)$/,
      "the full name of a systemd unit, such as nginx.service",
    ),
    "A systemd unit",
  ),
  quadlet: may(
    pattern(
      /^[A-Za-z0-9:_.@][A-Za-z0-9:_.@-]*\.(?:container|pod|kube)$/,
      "the name of a quadlet file, such as mail.pod or web.container",
    ),
    "A quadlet: a .container, .pod or .kube file that systemd runs with podman",
  ),
  pod: may(containerName, "A podman pod"),
  compose: may(
    pattern(/^[a-z0-9][a-z0-9_-]*$/, "the name of a Compose project: lower-case letters, digits, - and _"),
    "A Compose project",
  ),
  container: may(containerName, "A container"),
  user: may(userName, "Whose it is, when it is not the system's (rootless)"),
})
  .check(exactlyOne(runsKinds))
  .register(z.globalRegistry, oneRequired(runsKinds));

const from = fields({
  playbook: may(operand, "An Ansible playbook, relative to this file"),
  tags: may(list(operand), "Only these tags of the playbook"),
  compose: may(operand, "A Compose file, relative to this file"),
  files: may(operand, "A folder of files, relative to this file"),
  manifest: may(operand, "A manifest, relative to this file"),
  to: may(absolutePath, "The folder on the host that they go to"),
})
  .check(
    exactlyOne(fromKinds, { tags: ["playbook"], to: ["compose", "files"] }),
    needsBeside("compose", "to"),
  )
  .register(z.globalRegistry, oneRequired(fromKinds));

const datum = fields({
  zfs: may(
    pattern(/^[A-Za-z0-9][A-Za-z0-9_.: -]*(?:\/[A-Za-z0-9_.:][A-Za-z0-9_.: -]*)*$/, "a dataset: pool/name"),
    "A ZFS dataset",
  ),
  btrfs: may(absolutePath, "A btrfs subvolume, by its path"),
  path: may(absolutePath, "A folder"),
  volume: may(containerName, "A volume of podman or docker"),
  lvm: may(
    pattern(/^[A-Za-z0-9+_.][A-Za-z0-9+_.-]*\/[A-Za-z0-9+_.][A-Za-z0-9+_.-]*$/, "group/volume"),
    "An LVM volume",
  ),
  on: may(nameOf("a host"), "The host that has it, when it is another than the service's"),
})
  .check(exactlyOne(dataKinds))
  .register(z.globalRegistry, oneRequired(dataKinds));

const oneOrMore = <Item extends z.core.SomeType>(item: Item, expected: string) =>
  z.union([item, z.array(item)], { error: expected });

const needs = fields({
  memory: may(size, "So much memory"),
  disk: may(size, "So much room for its data"),
  cpus: may(count(1), "So many processors"),
  raid: may(flag, "Its data must survive the death of a drive"),
  ups: may(flag, "The host must be on a UPS"),
  ports: may(list(port), "Ports that must be free"),
  device: may(oneOrMore(absolutePath, "a device such as /dev/dri, or a list"), "Devices it uses"),
  arch: may(oneOrMore(operand, "an architecture such as x86_64, or a list"), "Architectures it runs on"),
  os: may(operand, "The operating system it needs: linux, freebsd"),
  snapshots: may(flag, "A file system that can make snapshots"),
  encryption: may(flag, "Its data must be encrypted at rest"),
});

const hook = z.union(
  [
    argv,
    fields({
      command: must(argv, "The program and its arguments"),
      in: may(containerName, "The container to run it in"),
      timeout: may(duration, "No longer than this"),
    }),
  ],
  { error: "a list of words, or { command: [...], in: container, timeout: 30s }" },
);

const hooks = fields({
  beforeSnapshot: may(hook, "Brings the data to rest before a snapshot"),
  afterSnapshot: may(hook, "Always runs after a snapshot, and after one that failed"),
  beforeBackup: may(hook, "Before a backup"),
  afterBackup: may(hook, "After a backup"),
  beforeUpgrade: may(hook, "Before an upgrade"),
  afterUpgrade: may(hook, "After an upgrade"),
  beforeStop: may(hook, "Before it is stopped"),
  afterStart: may(hook, "After it was started"),
});

const serviceSchema = fields({
  home: must(nameOf("a host"), "The host where it is wanted. Where it runs is looked up"),
  runs: must(runs, "What it is on the host"),
  from: may(from, "How it is put there"),
  data: may(list(datum), "Where its data is"),
  version: may(
    fields({
      image: may(operand, "Its image, without the tag"),
      pin: may(z.union([text, z.number()], { error: "a version" }), "The version it is held at"),
      in: may(operand, "The file where the version is written, and the variable: FILE#variable"),
    }),
    "Which version, and where that is written",
  ),
  health: may(healthSchema, "How to tell that it works. Each check has its own result"),
  sla: may(
    z.union([nameOf("a class of `sla`"), slaClass], { error: "the name of a class of `sla`, or its fields" }),
    "What people can live with: one of the classes of `sla`, or one of its own",
  ),
  needs: may(needs, "What a host must have to be its home"),
  isolation: may(
    fields({
      level: must(choice(["process", "container", "jail", "vm"]), "What keeps it apart from others"),
      routes: may(list(name), "What it may reach, and nothing else"),
    }),
    "How it is kept apart from the others",
  ),
  dataLoss: may(dataLoss, "Is it bearable to lose what was written since the last copy?"),
  hooks: may(hooks, "Commands on the host around what SCRAP does"),
  snapshots: may(snapshotsSchema, "Snapshots on the host"),
  backups: may(backupsSchema, "Copies elsewhere"),
  replica: may(replicaSchema, "A copy on another host that can take over"),
  failover: may(failoverSchema, "What happens when its host is dead"),
  releases: may(feedUrl, "The Atom or RSS feed of its releases"),
  dependsOn: may(list(nameOf("a service")), "Services without which it does not work"),
  avoid: may(list(nameOf("a service")), "Services not to be on the same host with, when there is a choice"),
  environment: may(nameOf("an environment"), "The environment it belongs to, one of `environments`"),
});

export const servicesSchema = named(name, serviceSchema);

export type ServiceFields = z.output<typeof serviceSchema>;
