import type { Command } from "../command/command.ts";
import type { Check, Step } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";

/**
 * Keeps a secret in a file of the host, for root alone: what a host does without us it cannot ask us for. No step where
 * that is what the file says already.
 */
export function* putSecret(reference: string, path: string, host: string): Planning<readonly Step[]> {
  const secret = reference as `${string}:${string}`;
  const compare: Command = { argv: ["cmp", "-s", "--", "-", path], asRoot: true, input: { secret } };
  const modeOf: Command = { argv: ["stat", "-c", "%a %u", "--", path], asRoot: true };
  const there = yield* askHost(host, modeOf);
  const isSame = there.exitCode === 0 && (yield* askHost(host, compare)).exitCode === 0;
  if (isSame && there.stdout.trim() === "600 0") return [];
  const done: Check = {
    kind: "command",
    title: "it is there",
    host,
    command: compare,
    expect: { exitCode: 0 },
  };
  return [
    {
      kind: "run",
      id: "secret",
      title: `Keep the password in ${path}, for root alone`,
      effect: "changes",
      host,
      command: { argv: ["sh", "-c", keepScript, "scrap", path], asRoot: true },
      secrets: { SCRAP_SECRET: secret },
      // One that was there is worth nothing to anybody any more.
      undo:
        there.exitCode === 0
          ? []
          : [
              {
                kind: "run",
                id: "undo-secret",
                title: `Take ${path} away`,
                effect: "changes",
                host,
                command: {
                  argv: ["sh", "-c", removeScript, "scrap", path],
                  asRoot: true,
                },
                again: "safe",
                timeoutMs: 30_000,
              },
            ],
      ...(isSame ? {} : { done }),
      again: "safe",
      timeoutMs: 30_000,
    },
  ];
}

/** `printf` is part of the shell: what it prints is in no list of processes. */
const keepScript = `umask 077; mkdir -p -- "\${1%/*}" && printf %s "$SCRAP_SECRET" >"$1.new" && sync "$1.new" && chmod 600 "$1.new" && mv -f -- "$1.new" "$1"`;

const removeScript = `rm -f -- "$1" && { rmdir -p -- "\${1%/*}" 2>/dev/null; true; }`;
