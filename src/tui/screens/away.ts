import type { KnownHost } from "../../model/homelab.ts";
import type { Problem } from "../../model/hosts.ts";
import { toDuration, withoutName } from "../../words.ts";

/** Why a host is away, and when it is tried again. `since` goes along where it is not told elsewhere. */
export function sayAway({ name, link }: KnownHost, { message }: Problem, since?: string): string {
  const retry =
    link.status === "down" && link.retryAt
      ? `next try in ${toDuration(Math.max(0, link.retryAt.getTime() - Date.now()))}`
      : undefined;
  const when = [since, retry].filter((word) => word !== undefined).join(", ");
  return `unreachable: ${sayWhy(message, name)}${when === "" ? "" : ` (${when})`}`;
}

/** What a system calls it, in a few words. */
const causes: readonly (readonly [said: RegExp, plain: string])[] = [
  [/ECONNREFUSED|connection refused/i, "refuses connections"],
  [/ETIMEDOUT|timed out/i, "does not answer"],
  [/EHOSTUNREACH|ENETUNREACH|no route to host|network is unreachable/i, "no way leads to it"],
  [/ENOTFOUND|could not resolve|name or service not known/i, "its name is not known"],
];

/** Without its name and its address: both stand on its page, and would push the cause out of a cell. */
function sayWhy(message: string, name: string): string {
  const said = withoutName(message, name)
    .replace(/^\S+:\d+:? /, "")
    .replace(/\.$/, "");
  const [, hop, beyond] = /^is behind (\S+): (.*)$/s.exec(said) ?? [];
  if (hop !== undefined && beyond !== undefined) return `is behind ${hop}: ${sayWhy(beyond, hop)}`;
  const key = `The host key of ${name} `;
  if (said.startsWith(key)) return `its host key ${said.slice(key.length).replace(/^\([^)]*\) /, "")}`;
  // A jump host speaks of another one.
  const cause = said.includes("(jump host)") ? undefined : causes.find(([pattern]) => pattern.test(said));
  return cause?.[1] ?? said;
}
