import { existsSync } from "node:fs";
import { type EffectiveConfig, expandPaths } from "./effective-config.ts";
import { runTool } from "./tools.ts";

/** What is known of a host's keys: the one that the inventory pins, or the lines of known_hosts files about it. */
export interface KnownKey {
  readonly marker: "plain" | "authority" | "revoked";
  readonly type: string;
  readonly key: Buffer;
  /** `FILE:LINE`, or the inventory. */
  readonly where: string;
  readonly isPinned?: boolean;
  /** The host has another port, and the line does not name it. Good enough to trust, as OpenSSH does; not to refuse. */
  readonly withoutPort?: boolean;
}

/** What the inventory says; see `Host.hostKey`. */
export function toPinnedKey(hostKey: string): KnownKey {
  const [type = "", base64 = ""] = hostKey.split(" ");
  const key = Buffer.from(base64, "base64");
  return { marker: "plain", type, key, where: "the inventory", isPinned: true };
}

/** Asks `ssh-keygen -F` in every known_hosts file that counts: hashes, wildcards, negations and markers are its business. */
export async function findKnownKeys(config: EffectiveConfig): Promise<readonly KnownKey[]> {
  const files = [
    ...expandPaths(config.first("userknownhostsfile"), config),
    ...expandPaths(config.first("globalknownhostsfile"), config),
  ].filter((file): file is string => file !== undefined && existsSync(file));
  const alias = config.first("hostkeyalias");
  const name = (alias ?? config.hostname).toLowerCase();
  const names =
    alias !== undefined || config.port === 22
      ? [{ name, withoutPort: false }]
      : [
          { name: `[${name}]:${config.port}`, withoutPort: false },
          { name, withoutPort: true },
        ];
  const found = await Promise.all(
    names.flatMap(({ name, withoutPort }) =>
      files.map(async (file) => {
        const { stdout } = await runTool("ssh-keygen", ["-F", name, "-f", file]);
        return parseKnownKeys(stdout, file).map((key) => (withoutPort ? { ...key, withoutPort } : key));
      }),
    ),
  );
  return found.flat();
}

/** Reads what `ssh-keygen -F` prints: `# Host x found: line 3 CA`, then the line itself. */
function parseKnownKeys(text: string, file: string): readonly KnownKey[] {
  let line = 0;
  return text.split("\n").flatMap((row): KnownKey[] => {
    const found = /^# Host .* found: line (\d+)/.exec(row);
    if (found) line = Number(found[1]);
    const [, mark, type, base64] = /^(?:@(\S+)\s+)?[^\s#@]\S*\s+(\S+)\s+([A-Za-z0-9+/=]+)/.exec(row) ?? [];
    if (type === undefined || base64 === undefined) return [];
    const marker = mark === "cert-authority" ? "authority" : mark === "revoked" ? "revoked" : "plain";
    return [{ marker, type, key: Buffer.from(base64, "base64"), where: `${file}:${line}` }];
  });
}
