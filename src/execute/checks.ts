import { Failure } from "../errors.ts";
import { reach } from "../observe/reach.ts";
import { isExpected } from "../plan/expected.ts";
import type { Check } from "../plan/plan.ts";
import { toText } from "../plan/text.ts";
import type { Transport } from "../transport/transport.ts";

/** `why`: what was seen instead, for people. `isUnknown`: what it asks about did not answer. */
export type Verdict =
  | { readonly holds: true }
  | { readonly holds: false; readonly why: string; readonly isUnknown?: true };

/** Asks a check. That it could not be asked is thrown as what kept us: it is no answer. */
export async function ask(check: Check, transport: Transport): Promise<Verdict> {
  const link = transport.link(check.host);
  if (check.kind === "reach") {
    const { passed, message } = await reach(check.check, link, AbortSignal.timeout(check.check.timeoutMs));
    return passed ? { holds: true } : { holds: false, why: message };
  }
  const { exitCode, stdout, stderr } = await link.ask(check.command);
  if (isExpected(check.expect, exitCode, stdout.trim())) return { holds: true };
  const said = (stderr.trim() || stdout.trim()).split("\n").at(-1)?.slice(0, 300) ?? "";
  return {
    holds: false,
    why: `${said || "nothing"} (exit ${exitCode}): ${toText(check.command)}`,
    ...(check.mustAnswer && exitCode !== 0 ? { isUnknown: true } : {}),
  };
}

/** As `ask`, for a moment in which a service may well not answer: what kept us is a no. Losing the host is not. */
export async function askPatiently(check: Check, transport: Transport): Promise<Verdict> {
  try {
    return await ask(check, transport);
  } catch (error) {
    if (error instanceof Failure && error.code !== "unreachable" && error.code !== "unprivileged")
      return { holds: false, why: error.message };
    throw error;
  }
}
