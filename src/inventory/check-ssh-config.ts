import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { InventoryError, UsageError } from "../errors.ts";
import type { Inventory } from "./inventory.ts";
import { noSshConfig } from "./paths.ts";
import { codeOf } from "./read-file.ts";

/**
 * Without the configuration that was named every host would be out of reach, each with words of its own. Rejects with
 * one error that names the file. `given`: by `--ssh-config`, which goes over that of every host.
 */
export async function checkSshConfig({ file, hosts }: Inventory, given: boolean): Promise<void> {
  const named = [...hosts.values()].filter(
    ({ sshConfig }) => sshConfig !== undefined && sshConfig !== noSshConfig,
  );
  for (const [path = "", users] of Map.groupBy(named, ({ sshConfig }) => sshConfig)) {
    const error: unknown = await access(path, constants.R_OK).then(
      () => undefined,
      (reason) => reason,
    );
    if (error === undefined) continue;
    const why = `${path}: cannot be read (${codeOf(error)})`;
    if (given) throw new UsageError(`--ssh-config: ${why}`, { cause: error });
    const whose = users.map(({ name }) => name);
    const some =
      whose.length > 3 ? `${whose.slice(0, 3).join(", ")} and ${whose.length - 3} more` : whose.join(", ");
    throw new InventoryError(`${file}: sshConfig of ${some}: ${why}`, { cause: error });
  }
}
