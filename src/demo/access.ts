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
  const [host, client] = [
    ssh2.utils.generateKeyPairSync("ed25519"),
    ssh2.utils.generateKeyPairSync("ed25519"),
  ];
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
  const clientKey = ssh2.utils.parseKey(client.public);
  if (clientKey instanceof Error) throw clientKey;
  return {
    hostKey: host.private,
    clientKey,
    sshConfig,
    remove: () => {
      process.off("exit", remove);
      remove();
    },
  };
}
