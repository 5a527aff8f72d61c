import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { CannotMeasure } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";

/** CPU seconds that each control group of a host has used so far, with those below it. */
export type Usage = ReadonlyMap<string, number>;

/** Looks at a host through a session of its own, whose own share is left out. */
export interface Meter {
  readonly read: () => Promise<Usage>;
}

const marker = "bench-end";
const look = `for f in $(find /sys/fs/cgroup -name cpu.stat); do while read -r k v; do [ "$k" = usage_usec ] && echo "$f $v"; done <"$f"; done; echo ${marker}`;

/** Needs systemd and control groups of version 2 on the host. */
export async function openMeter(host: string, sshConfig: string, cleanup: Cleanup): Promise<Meter> {
  const child = spawn("ssh", ["-F", sshConfig, "-o", "BatchMode=yes", host, "exec /bin/sh -s"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  cleanup.add(async () => {
    child.stdin.end();
    await ended;
  });
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (text: string): Promise<string[]> => {
    child.stdin.write(`${text}\n`);
    const answer: string[] = [];
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new CannotMeasure(`${host} cannot be reached with ssh`);
      if (value === marker) return answer;
      answer.push(value);
    }
  };
  const groups = await ask(`cat /proc/self/cgroup; echo ${marker}`);
  const own = groups.find((line) => line.startsWith("0::"))?.slice(3);
  if (!own?.endsWith(".scope")) throw new CannotMeasure(`${host} has no control group for each session`);
  return {
    read: async () => toUsage(await ask(look), own),
  };
}

/** Those at the top and the services of the system; of all together, that of the session we look through is not counted. */
function toUsage(lines: readonly string[], own: string): Usage {
  const told = new Map(
    lines.map((line) => {
      const [path = "", microseconds] = line.split(" ");
      return [path.slice("/sys/fs/cgroup".length, -"/cpu.stat".length) || all, Number(microseconds) / 1e6];
    }),
  );
  const ours = told.get(own) ?? 0;
  const shown = [...told].filter(([path]) => /^\/[^/]*$|^\/system\.slice\/[^/]+$/.test(path));
  return new Map(shown.map(([path, seconds]) => [path, own.startsWith(path) ? seconds - ours : seconds]));
}

const all = "/";

/** What each group used between the two. */
export function difference(before: Usage, after: Usage): Usage {
  return new Map([...after].map(([group, seconds]) => [group, seconds - (before.get(group) ?? 0)]));
}

export const total = (usage: Usage): number => usage.get(all) ?? 0;
