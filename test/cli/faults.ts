import { type Output, type Question, toShell } from "../../src/command/command.ts";
import type { Link, Transport } from "../../src/transport/transport.ts";

/** What goes otherwise than it was recorded. Each host's rule sees the exact text that the host would get. */
export interface Faults {
  /** Never lets anybody in, and never says no. */
  readonly silent?: readonly string[];
  /** An error to reject with, another answer, or "hangs"; undefined leaves it as it was recorded. */
  readonly answers?: Readonly<Record<string, (shell: string) => Error | Output | "hangs" | undefined>>;
  /** What a followed command prints and ends with. */
  readonly follow?: Link["follow"];
}

export function withFaults(transport: Transport, { silent = [], answers = {}, follow }: Faults): Transport {
  const never = () => new Promise<never>(() => {});
  return {
    ...transport,
    link: (host) => {
      const link = transport.link(host);
      return {
        ...link,
        ...(silent.includes(host) ? { open: never } : {}),
        ...(follow ? { follow } : {}),
        ask: async (question: Question) => {
          const said = answers[host]?.(toShell(question));
          if (said === undefined) return link.ask(question);
          if (said === "hangs") return never();
          if (said instanceof Error) throw said;
          return said;
        },
      };
    },
  };
}
