import type { Readable } from "node:stream";
import { UnreachableError, type UnreachableReason } from "../../errors.ts";
import type { Entrance } from "../driver.ts";
import { hostKeyError, judgeHostKey } from "../host-keys.ts";
import type { KnownKey } from "../known-keys.ts";
import { sanitiseLine } from "../sanitise.ts";

/** What `ssh -v` lets us know: it has no other voice. */
export interface MasterLog {
  /** Resolves when the control socket takes clients. Never rejects. */
  readonly ready: Promise<void>;
  readonly entrance: () => Pick<Entrance, "hostKey" | "login">;
  /**
   * Resolves when a channel is opened next, or refused: why, beginning with the reason's name in RFC 4254. Channels are
   * asked for one at a time, because ssh does not say which one it means.
   */
  readonly nextChannel: () => Promise<{ readonly refusal?: string }>;
  readonly whyEnded: (destination: string) => UnreachableError;
}

interface Told {
  readonly host: string;
  readonly config: { readonly user: string };
  readonly known: readonly KnownKey[];
  readonly reach: string;
}

/** Reads the log as it comes; its phases are those of the protocol, in the words of ssh 8 to 10. */
export function createMasterLog(stderr: Readable, { host, config, known, reach }: Told): MasterLog {
  let onChannel: (outcome: { readonly refusal?: string }) => void = () => {};
  const complaints: string[] = [];
  let isReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  let phase: "connect" | "exchange" | "trusted" | "in" = "connect";
  let shown: { readonly type: string; readonly fingerprint: string } | undefined;
  let foundIn = "";
  const pinned = known.find(({ isPinned }) => isPinned);
  let how = "";
  let accepted = "";

  const read = (line: string) => {
    const key = /^debug1: Server host (?:key|certificate): (\S+) (SHA256:\S+?),?(?: |$)/.exec(line);
    if (key) {
      phase = "exchange";
      shown = { type: key[1] ?? "", fingerprint: key[2] ?? "" };
    }
    foundIn = /^debug1: Found (?:CA )?key in (.+)$/.exec(line)?.[1] ?? foundIn;
    if (/^debug1: SSH2_MSG_NEWKEYS sent/.test(line) && phase === "exchange") phase = "trusted";
    accepted = /^debug1: Server accepts key: (.+)$/.exec(line)?.[1] ?? accepted;
    const method = /^(?:debug1: )?Authenticated to .* using "([^"]+)"/.exec(line)?.[1];
    if (method !== undefined) {
      phase = "in";
      how = accepted === "" ? method : accepted;
    }
    if (/^debug1: Entering interactive session/.test(line)) isReady();
    const refusal = /^(?:debug1: )?channel \d+: open failed: (.*)$/.exec(line)?.[1];
    if (refusal !== undefined) onChannel({ refusal: sanitiseLine(refusal) });
    if (/^debug1: Sending command: /.test(line)) onChannel({});
    if (line !== "" && !/^(debug\d|OpenSSH_|Authenticated|Transferred|Bytes)/.test(line)) {
      complaints.push(line);
      if (complaints.length > 20) complaints.shift();
    }
  };

  let rest = "";
  stderr
    .on("data", (bytes: Buffer) => {
      const lines = `${rest}${bytes.toString("latin1")}`.split(/\r?\n/);
      // A line without an end is a flood.
      rest = (lines.pop() ?? "").slice(-10_000);
      for (const line of lines) read(line);
    })
    .resume();

  return {
    ready,
    entrance: () => ({
      ...(shown ? { hostKey: `${shown.fingerprint} in ${pinned?.where ?? foundIn}` } : {}),
      login: { user: config.user, how: sanitiseLine(how) },
    }),
    nextChannel: () =>
      new Promise((resolve) => {
        onChannel = resolve;
      }),
    whyEnded: (destination) => {
      const said = sanitiseLine([...complaints, rest].join(" "));
      const what = `${host} (${destination})`;
      if (phase === "exchange" && shown) {
        const verdict = judgeHostKey(shown, known);
        const byAuthority = known.some(({ marker }) => marker === "authority");
        if (verdict.verdict !== "known" && !byAuthority)
          return hostKeyError(host, shown, verdict, { reach, authorityOnly: false });
        // A certificate is for ssh to judge; else the key is right, and the connection was cut.
        return /host key verification failed/i.test(said)
          ? new UnreachableError("host-key", `The host key of ${what} was not accepted: ${said}`)
          : new UnreachableError("dropped", `${what} closed the connection: ${said}`);
      }
      if (phase === "in")
        return new UnreachableError("dropped", `${what} closed the connection. ${said}`.trim());
      const reason = reasonOf(phase, said);
      return reason === "auth"
        ? new UnreachableError("auth", `${destination} does not let us in: ${said}`, {
            hint: `See what your own client does: ${reach}`,
          })
        : new UnreachableError(reason, `${what}: ${said}`);
    },
  };
}

// ssh ends with 255 for all of them: there is no other way than its words.
function reasonOf(phase: "connect" | "exchange" | "trusted", said: string): UnreachableReason {
  if (/Permission denied|Too many authentication failures|No more authentication methods/i.test(said))
    return "auth";
  if (/Could not resolve hostname|Name or service not known/i.test(said)) return "dns";
  if (/timed out|not responding/i.test(said)) return "timeout";
  if (/Unable to negotiate/i.test(said)) return "incompatible";
  if (/Bad configuration option|Bad owner or permissions|terminating, \d+ bad configuration/i.test(said))
    return "config";
  return phase === "trusted" ? "dropped" : "connect";
}
