import type { AddressedRepository, BackupVerbs } from "../backends/backup-verbs.ts";
import { seeing, seeingBelow } from "./mount-view.ts";
import type { Store } from "./store.ts";

/** A repository at an address, that a tool on the host of the data reads and writes. */
export const addressedStore = (repository: AddressedRepository, verbs: BackupVerbs): Store => ({
  repository,
  needsFiles: true,
  list: (host) => verbs.list(repository, host),
  sizeOf: (host, id) => verbs.sizeOf(repository, host, id),
  init: (host) => verbs.init(repository, host),
  forget: (host, gone, kept) => verbs.forget(repository, host, gone, kept),
  verify: (host, readData) => verbs.verify(repository, host, readData),
  *copy({ seen, label }) {
    return [seeing(seen, verbs.backup(repository, label))];
  },
  *bring({ host, backup, besides, root }) {
    const seen = backup.places.flatMap(({ path }, index) => {
      const beside = besides[index];
      return beside ? [{ from: beside.path, at: path }] : [];
    });
    return verbs.restore(repository, host, backup, root).map((step) => seeingBelow(root, seen, step));
  },
});
