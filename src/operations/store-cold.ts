import { type ColdRepository, type Disk, findDisk, mountPointOf } from "../backends/backup/cold/disk.ts";
import { readRecord } from "../backends/backup/cold/record.ts";
import { closeDisk, isMounted, noteContents, openDisk } from "../backends/backup/cold/steps.ts";
import type { AddressedRepository, BackupVerbs } from "../backends/backup-verbs.ts";
import { isWhyNot } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import type { Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Store } from "./store.ts";
import { addressedStore } from "./store-addressed.ts";

/** A restic repository on a disk that is only there when somebody plugs it in: what it has is known from a note of its host. */
export function coldStore(repository: ColdRepository, restic: BackupVerbs): Store {
  const { name, label, host: at, password, appendOnly } = repository;
  const address = `${mountPointOf(repository)}/scrap-restic`;
  const onDisk: AddressedRepository = {
    name,
    tool: "restic",
    address,
    appendOnly,
    ...(password === undefined ? {} : { password }),
  };
  const inside = addressedStore(onDisk, restic);
  return {
    repository,
    at,
    needsFiles: true,
    *list() {
      const record = yield* readRecord(repository);
      return isWhyNot(record) ? record : record.backups;
    },
    *sizeOf(_, id) {
      const record = yield* readRecord(repository);
      if (isWhyNot(record)) return record;
      const size = record.backups.find((backup) => backup.id === id)?.sizeBytes;
      return size ?? { whyNot: `Nobody knows how big ${id} on the disk ${label} is.` };
    },
    *copy(copying) {
      const disk = yield* expectDisk(repository, copying.host);
      const steps: readonly Step[] = [
        ...(copying.isNew ? [{ ...restic.init(onDisk, at), done: isMade(address, at) }] : []),
        ...(yield* inside.copy(copying)),
        noteContents(repository, disk, address),
      ];
      const needs = [isMounted(repository, disk.uuid)];
      return [
        openDisk(repository, disk),
        ...steps.map((step) => ({ ...step, needs: [...(step.needs ?? []), ...needs] })),
        closeDisk(repository),
      ];
    },
    *bring(bringing) {
      const disk = yield* expectDisk(repository, bringing.host);
      return [openDisk(repository, disk), ...(yield* inside.bring(bringing)), closeDisk(repository)];
    },
    *absence() {
      const disk = yield* findDisk(repository);
      return isWhyNot(disk) && disk.isMissing ? disk : undefined;
    },
    *medium() {
      const record = yield* readRecord(repository);
      const disk = yield* findDisk(repository);
      return {
        label,
        isThere: !isWhyNot(disk),
        ...(isWhyNot(record) ? {} : { seenAt: record.seenAt, uuid: record.uuid }),
      };
    },
  };
}

const isMade = (address: string, host: string) =>
  ({
    kind: "command",
    title: "there is a repository on it",
    host,
    command: { argv: ["test", "-e", `${address}/config`], asRoot: true },
    expect: { exitCode: 0 },
  }) as const;

/** Throws `Refused` unless it is plugged in there, and nobody uses it. */
function* expectDisk(repository: ColdRepository, host: string): Planning<Disk> {
  const { name, label, host: at, password } = repository;
  if (host !== at)
    throw new Refused(`The disk ${label} is plugged in at ${at}, and this is about data on ${host}.`, {
      hint: "It takes and gives data of the host that it is plugged into.",
    });
  if (password === undefined)
    throw new Refused(`The inventory does not say where the password of the repository ${name} is kept.`, {
      hint: `repositories › ${name} › password: what is on a disk in a drawer is encrypted.`,
    });
  const disk = yield* findDisk(repository);
  if (isWhyNot(disk)) throw new Refused(disk.whyNot, { hint: disk.hint });
  return disk;
}
