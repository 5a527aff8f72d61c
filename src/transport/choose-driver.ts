import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import type { Host } from "../inventory/host.ts";
import { agentSocket } from "./authentication.ts";
import { type EffectiveConfig, expandPath, expandPaths } from "./effective-config.ts";
import type { KnownKey } from "./known-keys.ts";
import { runTool } from "./tools.ts";
import type { DriverName } from "./transport.ts";

export interface Choice {
  readonly driver: DriverName;
  /** In the user's words. */
  readonly reason: string;
}

/** The built-in client where it can do what the user's configuration asks for; else the user's own `ssh`, and why. */
export async function chooseDriver(
  host: Host,
  config: EffectiveConfig,
  known: readonly KnownKey[],
): Promise<Choice> {
  if (host.transport) return { driver: host.transport, reason: "the inventory says so" };
  const reason = reasonInConfig(host, config, known) ?? (await reasonInKeys(config));
  return reason === undefined
    ? { driver: "ssh2", reason: "the built-in client can do all that is configured" }
    : { driver: "openssh", reason };
}

function reasonInConfig(host: Host, config: EffectiveConfig, known: readonly KnownKey[]): string | undefined {
  const set = (keyword: string) => {
    const value = config.first(keyword);
    return value !== undefined && value !== "none" && value !== "no" && value !== "false";
  };
  if (set("proxycommand") && host.jump === undefined) return "ProxyCommand is configured";
  if (set("knownhostscommand") && host.hostKey === undefined) return "KnownHostsCommand is configured";
  if (set("revokedhostkeys")) return "RevokedHostKeys is configured";
  if (set("certificatefile")) return "a certificate is configured (CertificateFile)";
  if (set("pkcs11provider")) return "a PKCS#11 token is configured";
  if (set("bindaddress") || set("bindinterface")) return "BindAddress is configured";
  if (set("hostbasedauthentication")) return "host-based authentication is configured";
  if (!set("pubkeyauthentication") && config.first("pubkeyauthentication") !== undefined)
    return "public keys are switched off (PubkeyAuthentication)";
  if (set("gssapiauthentication") && hasTicket()) return "there is a Kerberos ticket (GSSAPI)";
  const files = [
    ...expandPaths(config.first("userknownhostsfile"), config),
    ...expandPaths(config.first("globalknownhostsfile"), config),
  ];
  if (files.includes(undefined) && host.hostKey === undefined)
    return "the path of a known_hosts file needs ssh to be understood";
  const markers = new Set(known.map(({ marker }) => marker));
  if (markers.has("authority") && !markers.has("plain"))
    return "the host key is vouched for by a certificate authority (@cert-authority)";
  return undefined;
}

function hasTicket(): boolean {
  return process.env["KRB5CCNAME"] !== undefined || existsSync(`/tmp/krb5cc_${userInfo().uid}`);
}

async function reasonInKeys(config: EffectiveConfig): Promise<string | undefined> {
  const files = config.all("identityfile").map((file) => expandPath(file, config));
  for (const file of files) {
    if (file === undefined) return "the path of an IdentityFile needs ssh to be understood";
    if (existsSync(`${file}-cert.pub`)) return `there is a certificate beside the key (${file}-cert.pub)`;
    const half = await readFile(file.endsWith(".pub") ? file : `${file}.pub`, "utf8").catch(() => "");
    if (half.startsWith("sk-")) return `a FIDO key is configured (${file})`;
  }
  const socket = agentSocket(config);
  if (socket === undefined || config.first("identitiesonly") === "yes") return undefined;
  const types = (await typesInAgent(socket)).join(" ");
  if (/-cert-/.test(types)) return "the agent holds a certificate";
  return /^sk-|\ssk-/.test(types) ? "the agent holds a FIDO key" : undefined;
}

const agents = new Map<string, { readonly at: number; readonly types: Promise<readonly string[]> }>();

/** The kinds of keys in an agent. Asked once for all hosts that are reached in the same moment. */
function typesInAgent(socket: string): Promise<readonly string[]> {
  const last = agents.get(socket);
  if (last && Date.now() - last.at < 5000) return last.types;
  const types = runTool("ssh-add", ["-L"], { SSH_AUTH_SOCK: socket }).then(
    ({ exitCode, stdout }) =>
      exitCode === 0 ? stdout.split("\n").map((line) => line.split(" ")[0] ?? "") : [],
    // Where OpenSSH is not installed, there is no `ssh` either that such keys would be left to.
    () => [],
  );
  agents.set(socket, { at: Date.now(), types });
  return types;
}
