import { hostname as localHostname, userInfo } from "node:os";
import { UnreachableError } from "../errors.ts";
import type { Host } from "../inventory/host.ts";
import { sanitiseLine } from "./sanitise.ts";
import { toSshArguments } from "./ssh-arguments.ts";
import { runTool } from "./tools.ts";

/** What OpenSSH would do about a host: the answer of `ssh -G`. */
export interface EffectiveConfig {
  /** The name that was asked for. */
  readonly original: string;
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  /** All values of a keyword, in lower case. Of those that take several on a line, one value is the line. */
  readonly all: (keyword: string) => readonly string[];
  readonly first: (keyword: string) => string | undefined;
}

/** Asks `ssh -G`. Rejects with `UnreachableError` (config) when the user's configuration is wrong. */
export async function readEffectiveConfig(host: Host, sshConfig?: string): Promise<EffectiveConfig> {
  const args = toSshArguments(host, sshConfig, host.jump);
  const { exitCode, stdout, stderr } = await runTool("ssh", ["-G", "-T", ...args]);
  if (exitCode !== 0) {
    throw new UnreachableError(
      "config",
      `OpenSSH does not accept the configuration of ${host.name}: ${sanitiseLine(stderr)}`,
      { hint: `See: ssh -G ${args.join(" ")}` },
    );
  }
  return parseEffectiveConfig(stdout, host.address ?? host.name);
}

function parseEffectiveConfig(text: string, original: string): EffectiveConfig {
  const values = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    if (space < 0) continue;
    const keyword = line.slice(0, space).toLowerCase();
    values.set(keyword, [...(values.get(keyword) ?? []), line.slice(space + 1)]);
  }
  const all = (keyword: string) => values.get(keyword) ?? [];
  const first = (keyword: string) => values.get(keyword)?.[0];
  return {
    original,
    hostname: first("hostname") ?? original,
    port: Number(first("port") ?? 22),
    user: first("user") ?? userInfo().username,
    all,
    first,
  };
}

/** A path with `~`, `%d` and the like, as OpenSSH reads it; undefined where it has a token that we do not know. */
export function expandPath(path: string, config: EffectiveConfig): string | undefined {
  const me = userInfo();
  const tokens: Readonly<Record<string, string>> = {
    "%": "%",
    d: me.homedir,
    h: config.hostname,
    i: `${me.uid}`,
    k: config.first("hostkeyalias") ?? config.original,
    L: localHostname().replace(/\..*/, ""),
    l: localHostname(),
    n: config.original,
    p: `${config.port}`,
    r: config.user,
    u: me.username,
  };
  let known = true;
  const expanded = path
    .replace(/^~(?=\/|$)/, me.homedir)
    .replace(/%(.)|\$\{(\w+)\}/g, (_all, token: string | undefined, variable: string | undefined) => {
      const value = token === undefined ? process.env[variable ?? ""] : tokens[token];
      if (value === undefined) known = false;
      return value ?? "";
    });
  return known ? expanded : undefined;
}

/** Several paths on a line, as in `userknownhostsfile a b`. OpenSSH does not quote those with a blank. */
export function expandPaths(
  line: string | undefined,
  config: EffectiveConfig,
): readonly (string | undefined)[] {
  if (line === undefined || line === "none") return [];
  return line.split(" ").map((path) => expandPath(path, config));
}

/** The jump hosts on the way, in order. None when there are none. */
export function hopsOf(host: Host, config: EffectiveConfig): readonly string[] {
  const jump = host.jump ?? config.first("proxyjump");
  return jump === undefined || jump === "none" ? [] : jump.split(",").map((hop) => hop.trim());
}
