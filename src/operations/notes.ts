import { Failure } from "../errors.ts";
import { askHost, type Planning } from "../plan/planning.ts";

/** What we wrote down on hosts, for any machine to read. `silent`: the hosts that do not say. */
export interface Notes {
  readonly lines: readonly string[];
  readonly silent: readonly string[];
}

/** Every line of every file in this folder of theirs. */
export function* readNotes(hosts: readonly string[], folder: string): Planning<Notes> {
  const lines: string[] = [];
  const silent: string[] = [];
  for (const host of hosts) {
    try {
      const { stdout } = yield* askHost(host, { argv: ["grep", "-rhs", ".", folder], asRoot: true });
      lines.push(...stdout.split("\n"));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      silent.push(host);
    }
  }
  return { lines, silent };
}
