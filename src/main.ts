// The way in: words and signals on one side, an exit code on the other.
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { getSystemErrorMap } from "node:util";
import type { Context } from "./cli/context.ts";
import { createContext, runDemo, version } from "./context.ts";

const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
enableCompileCache(join(cache, "scrap", "compiled"));
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on("error", stopWriting);
  // Where nobody can be told, the exit code still tells.
  process.stderr.on("error", () => {});
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  process.on("uncaughtException", (error) => void complain(error).then((exitCode) => process.exit(exitCode)));
  const interrupted = new AbortController();
  // The first time everything is put away; whoever asks again does not want to wait for that.
  const onSignal = (signal: NodeJS.Signals) =>
    interrupted.signal.aborted ? process.exit(130) : interrupted.abort(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  const onInterrupt = (listener: () => void) => {
    process.off("SIGINT", onSignal).on("SIGINT", listener);
    return () => void process.off("SIGINT", listener).on("SIGINT", onSignal);
  };
  const { runCommandLine } = await import("./cli/program.ts");
  try {
    const context = await createContext(argv, interrupted.signal, onInterrupt);
    const run = (words: readonly string[], on: Context) => runCommandLine(words, on, version);
    const exitCode =
      argv[0] === "demo"
        ? await runDemo(argv.slice(1), context, run)
        : argv[0] === "complete" && argv[argv.indexOf("--") + 1] === "demo"
          ? await (await import("./on-demo.ts")).completeOnDemo(argv, context, run)
          : await run(argv, context);
    return interrupted.signal.aborted ? 130 : exitCode;
  } catch (error) {
    const { Failure } = await import("./errors.ts");
    // ctrl-c reaches an ssh that we started, too: that it failed then is no news.
    const isEnd = error === interrupted.signal.reason || error instanceof Failure;
    return interrupted.signal.aborted && isEnd ? 130 : complain(error);
  }
}

/** A reader that has enough, such as `head`, closes the pipe: no failure of ours. A full disk is nobody's choice. */
function stopWriting({ code, errno = 0, message }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") process.exit(0);
  const [, why = message] = getSystemErrorMap().get(errno) ?? [];
  process.stderr.write(`scrap: cannot write to stdout: ${why}\n`);
  process.exit(4);
}

/** A foreseen failure is a message and an exit code; anything else is a bug and says where. */
async function complain(error: unknown): Promise<number> {
  const { Failure } = await import("./errors.ts");
  if (error instanceof Failure) {
    process.stderr.write(`scrap: ${error.message}\n${error.hint ? `${error.hint}\n` : ""}`);
    return error.exitCode;
  }
  process.stderr.write(`scrap: this is a bug: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 70;
}
