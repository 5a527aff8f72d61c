import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2, { type ParsedKey } from "ssh2";

/** How the simulated hosts are reached: keys made for this run alone, and a configuration of its own beside them. */
export interface Access {
  /** The private key of every server. */
  readonly hostKey: string;
  /** Whom they let in. */
  readonly clientKey: ParsedKey;
  readonly sshConfig: string;
  readonly remove: () => void;
}

export const login = "ops";

/** One name for the key of all servers: their ports are new each time. */
const alias = "scrap-demo";

/** Nothing of it outlives the process, and the user's own keys, configuration and known hosts are not touched. */
export function createAccess(): Access {
  const folder = mkdtempSync(join(process.env["XDG_RUNTIME_DIR"] || tmpdir(), "scrap-demo-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const [host, client] = [generateKey(), generateKey()];
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const identity = write("id_ed25519", client.private);
  write("id_ed25519.pub", `${client.public}\n`);
  const knownHosts = write("known_hosts", `${alias} ${host.public}\n`);
  const sshConfig = write(
    "ssh_config",
    `Host *
  HostKeyAlias ${alias}
  UserKnownHostsFile ${knownHosts}
  GlobalKnownHostsFile none
  StrictHostKeyChecking yes
  UpdateHostKeys no
  IdentityFile ${identity}
  IdentitiesOnly yes
  IdentityAgent none
`,
  );
  return {
    hostKey: host.private,
    clientKey: client.parsed,
    sshConfig,
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
