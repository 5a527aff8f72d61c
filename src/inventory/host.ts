/** How to become root on a host. */
export type Become = "sudo" | "doas" | "none";

/** Where a secret is kept, never what it is: `pass:lab/nas`, `age:FILE`, `sops:FILE#key`, `env:NAME`, `cmd:program args`, `vault:path`, `file:PATH`. */
export type SecretReference = `${string}:${string}`;

/** One machine that we look after. A name is enough: the rest is OpenSSH's configuration. */
export interface Host {
  readonly name: string;
  /** What to connect to; the name when absent. OpenSSH resolves either. */
  readonly address?: string;
  readonly port?: number;
  readonly user?: string;
  /** A host of the inventory, or any destination that `ssh -J` takes. Comma-separated for several hops. */
  readonly jump?: string;
  /** What `ssh -F` is: absolute, or `none`. */
  readonly sshConfig?: string;
  readonly identityFile?: string;
  /** The one that is trusted, as known_hosts has it: `ssh-ed25519 AAAA…`. No known_hosts file is read then. */
  readonly hostKey?: string;
  /** Forces a driver; chosen by itself when absent. `local` is this machine. */
  readonly transport?: "ssh2" | "openssh" | "local";
  readonly become: Become;
  readonly becomePassword?: SecretReference;
  readonly groups: readonly string[];
  readonly zone?: string;
  /** The name of a UPS of the inventory. */
  readonly power?: string;
  /** Never changed by us. */
  readonly protected: boolean;
  readonly ipmi?: { readonly address: string; readonly user?: string; readonly password?: SecretReference };
  /** For wake-on-LAN: `aa:bb:cc:dd:ee:ff`. */
  readonly mac?: string;
}
