import { spawn } from "node:child_process";

export type Finished = { code: number; out: string; err: string };
type Options = { input?: string; seconds?: number; logTo?: number };

/** Runs a local program to its end; never throws for an exit code. */
export function attempt(argv: string[], options: Options = {}): Promise<Finished> {
  const { input, seconds = 60, logTo } = options;
  return new Promise((resolve, reject) => {
    const [file = "", ...args] = argv;
    const sink = logTo ?? "pipe";
    const child = spawn(file, args, { stdio: [input === undefined ? "ignore" : "pipe", sink, sink] });
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    let out = "";
    let err = "";
    child.stdout?.on("data", (data) => (out += data));
    child.stderr?.on("data", (data) => (err += data));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 128, out, err: signal ? `${err}\nkilled by ${signal}` : err });
    });
  });
}

/** Runs a local program and returns what it printed; an exit code other than 0 throws. */
export async function run(argv: string[], options: Options = {}): Promise<string> {
  const { code, out, err } = await attempt(argv, options);
  if (code !== 0) throw new Error(`${argv.join(" ").slice(0, 300)}: exit ${code}\n${(err || out).trim()}`);
  return out.trim();
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again and again until the answer is truthy; throws when it takes too long. */
export async function until(
  what: string,
  seconds: number,
  ask: () => Promise<boolean> | boolean,
  pauseMs = 200,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await sleep(pauseMs);
  }
}

const started = Date.now();

export function say(text: string): void {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(4);
  console.log(`${seconds}s  ${text}`);
}
