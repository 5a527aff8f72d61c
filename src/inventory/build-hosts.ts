import type { Become, Host, SecretReference } from "./host.ts";
import { resolvePath, resolveSshConfig } from "./paths.ts";
import type { Defaults, HostFields } from "./schema-hosts.ts";

/** A host as some file tells it, before the defaults fill the gaps. */
export type PartialHost = { readonly name: string; readonly groups: readonly string[] } & Partial<
  Omit<Host, "name" | "groups">
>;

/** Drops what is undefined, so that an absent field is absent. */
export function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<Fields>;
}

type Present<Fields> = {
  [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
} & {
  [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined>;
};

/** What was validated, with its paths absolute and without the defaults. */
export function toHost(name: string, fields: HostFields, file: string, home: string): PartialHost {
  const { identityFile, sshConfig, becomePassword, ipmi, groups = [], ...rest } = fields;
  return {
    ...present(rest),
    ...toLogin({ identityFile, sshConfig, becomePassword }, file, home),
    ...(ipmi === undefined
      ? {}
      : { ipmi: present({ ...ipmi, password: toReference(ipmi.password, file, home) }) }),
    name,
    groups: [...new Set(groups)],
  };
}

/** `defaults`, with its paths absolute. */
export function toDefaults(defaults: Defaults | undefined, file: string, home: string): HostDefaults {
  const { identityFile, sshConfig, becomePassword, ...rest } = defaults ?? {};
  return { ...present(rest), ...toLogin({ identityFile, sshConfig, becomePassword }, file, home) };
}

export type HostDefaults = Partial<
  Pick<Host, "user" | "port" | "identityFile" | "sshConfig" | "become" | "becomePassword">
>;

/** Fills the gaps: what the host says, then the defaults, then `sudo`, which asks for nothing that we may not have. */
export function complete(host: PartialHost, defaults: HostDefaults): Host {
  const become: Become = host.become ?? defaults.become ?? "sudo";
  return { ...defaults, ...host, become, protected: host.protected ?? false };
}

function toLogin(
  fields: Pick<HostFields, "identityFile" | "sshConfig" | "becomePassword">,
  file: string,
  home: string,
): HostDefaults {
  const { identityFile, sshConfig } = fields;
  return present({
    identityFile: identityFile && resolvePath(identityFile, file, home),
    sshConfig: sshConfig && resolveSshConfig(sshConfig, file, home),
    becomePassword: toReference(fields.becomePassword, file, home),
  });
}

/** Paths inside of references are resolved too, because whoever resolves them does not know our folder. */
export function toReference(
  secret: string | undefined,
  file: string,
  home: string,
): SecretReference | undefined {
  if (secret === undefined) return undefined;
  const scheme = secret.slice(0, secret.indexOf(":"));
  const rest = secret.slice(scheme.length + 1);
  const isPath = scheme === "file" || scheme === "age" || scheme === "sops";
  return `${scheme}:${isPath ? resolvePath(rest, file, home) : rest}`;
}
