import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2, { type ParsedKey } from "ssh2";
import type { Host } from "../inventory/host.ts";

/** How the simulated hosts are reached: with keys made for this run alone. */
export interface Access {
  /** The private key of every server. */
  readonly hostKey: string;
  /** Whom they let in. */
  readonly clientKey: ParsedKey;
  /** What the inventory says of every host: all that there is to know, so that nobody's OpenSSH has to be asked. */
  readonly entry: Required<
    Pick<Host, "address" | "transport" | "user" | "become" | "sshConfig" | "identityFile" | "hostKey">
  >;
  /** What else has to lie on this machine as long as it runs. */
  readonly folder: string;
  readonly remove: () => void;
}

export const login = "ops";

/** Nothing of it outlives the process, and the user's own keys, configuration and known hosts are not touched. */
export function createAccess(): Access {
  const folder = mkdtempSync(join(process.env["XDG_RUNTIME_DIR"] || tmpdir(), "scrap-demo-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const [host, client] = [generateKey(), generateKey()];
  const identityFile = join(folder, "id_ed25519");
  writeFileSync(identityFile, client.private, { mode: 0o600 });
  return {
    hostKey: host.private,
    clientKey: client.parsed,
    entry: {
      address: "127.0.0.1",
      transport: "ssh2",
      user: login,
      become: "sudo",
      sshConfig: "none",
      identityFile,
      hostKey: host.public,
    },
    folder,
    remove: () => {
      process.off("exit", remove);
      remove();
    },
  };
}

interface Key {
  readonly private: string;
  readonly public: string;
  readonly parsed: ParsedKey;
}

/** One in some hundred keys that the library makes is a byte short, where a half of it begins with zero: then another. */
function generateKey(): Key {
  const { private: whole, public: half } = ssh2.utils.generateKeyPairSync("ed25519");
  const [parsedWhole, parsed] = [ssh2.utils.parseKey(whole), ssh2.utils.parseKey(half)];
  if (parsedWhole instanceof Error || parsed instanceof Error) return generateKey();
  return { private: whole, public: half, parsed };
}
