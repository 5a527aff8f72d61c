import type { Check, RunStep } from "../../../plan/plan.ts";
import { asRoot, dataStep } from "../../storage/data-steps.ts";
import { type ColdRepository, type Disk, mountPointOf } from "./disk.ts";
import { recordOf } from "./record.ts";

/** Mounts it where nobody else looks. By its UUID: plugged in again, it may have another path. */
export function openDisk(repository: ColdRepository, { uuid }: Disk, id = "open"): RunStep {
  const { label, host } = repository;
  const at = mountPointOf(repository);
  return dataStep(
    id,
    `Mount the disk ${label}`,
    host,
    ["mount", "-o", "nosuid,nodev,noexec,X-mount.mkdir=0700", `UUID=${uuid}`, at],
    { done: isMounted(repository, uuid), undo: [closeDisk(repository, `undo-${id}`)] },
  );
}

/** Everything is on it before it is let go. */
export function closeDisk(repository: ColdRepository, id = "close"): RunStep {
  const { label, host } = repository;
  const at = mountPointOf(repository);
  return dataStep(
    id,
    `Unmount the disk ${label}: it is safe to unplug after that`,
    host,
    ["sh", "-c", closeScript, "scrap", at, label],
    {
      done: {
        kind: "command",
        title: `${label} is not mounted`,
        host,
        command: asRoot("findmnt", "--mountpoint", at),
        expect: { exitCode: 1 },
      },
      timeoutMs: 600_000,
    },
  );
}

const closeScript = `sync -f "$1" 2>/dev/null || sync; i=0; until umount "$1"; do i=$((i+1)); [ $i -lt 10 ] || exit; sleep 1; done; rmdir "$1"; echo "$2 is unmounted: it is safe to unplug"`;

/** Of what is done on it: in the folder of a mount that is gone, all would seem well. */
export const isMounted = (repository: ColdRepository, uuid: string): Check => ({
  kind: "command",
  title: `the disk ${repository.label} is mounted`,
  host: repository.host,
  command: asRoot("findmnt", "-n", "-o", "UUID", "--mountpoint", mountPointOf(repository)),
  expect: { stdout: uuid },
});

/** Keeps on the host what the disk has, to be read while the disk is away. */
export function noteContents(repository: ColdRepository, disk: Disk, address: string): RunStep {
  const { name, label, host, password } = repository;
  const about = JSON.stringify({ label, uuid: disk.uuid, ...(disk.serial ? { serial: disk.serial } : {}) });
  return {
    kind: "run",
    id: "note",
    title: `Note what the disk ${label} has`,
    effect: "changes",
    host,
    command: { argv: ["sh", "-c", noteScript, "scrap", recordOf(name), about, address] },
    ...(password === undefined ? {} : { secrets: { RESTIC_PASSWORD: password } }),
    again: "safe",
    timeoutMs: 600_000,
  };
}

const noteScript = `umask 077; mkdir -p "\${1%/*}" && { date -u +%Y-%m-%dT%H:%M:%SZ && printf '%s\\n' "$2" && restic -r "$3" --no-lock --json snapshots --tag scrap; } >"$1.new" && sync "$1.new" && mv "$1.new" "$1"`;
