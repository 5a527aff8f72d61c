import { gigabyte } from "../disks.ts";
import type { Repository } from "../state-copies.ts";

/** What outlives the house. */
export const offsite = (): Repository => ({
  address: "sftp:backup@elsewhere:/srv/restic",
  password: "correct horse battery staple",
  snapshots: [],
  regular: [
    {
      service: "files",
      host: "nas",
      place: "zfs:tank/documents=/tank/documents",
      consistency: "crash-consistent",
      bytes: 97 * gigabyte,
    },
    {
      service: "recipes",
      host: "nas",
      place: "zfs:tank/recipes=/tank/recipes",
      consistency: "crash-consistent",
      bytes: 2.4 * gigabyte,
    },
    {
      service: "mail",
      host: "pine",
      place: "volume:mail-spool=/var/lib/containers/storage/volumes/mail-spool/_data",
      consistency: "file-by-file",
      bytes: 11 * gigabyte,
    },
  ],
});
