import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Context, Operations } from "../../src/cli/context.ts";
import { runCommandLine } from "../../src/cli/program.ts";
import { createStyle } from "../../src/cli/style.ts";
import { type Demo, type DemoOptions, startDemo } from "../../src/demo/demo.ts";
import { createDriversHere } from "../../src/drive.ts";
import { Failure } from "../../src/errors.ts";
import type { Operation } from "../../src/journal/operation.ts";
import type { Homelab } from "../../src/model/homelab.ts";
import { createOperations } from "../../src/operate.ts";
import { hostsFor, type Request } from "../../src/operations/operations.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { createSession } from "../../src/session.ts";
import { createTransport } from "../../src/transport/create-transport.ts";

export interface RunningDemo extends Demo {
  /** Runs the command line on it, as `scrap demo` does. */
  readonly scrap: (
    ...argv: readonly string[]
  ) => Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** What is known of all hosts after they were asked once. */
  readonly homelab: () => Promise<Homelab>;
  /** Plans an operation there. */
  readonly plan: (operations: Pick<Operations, "plan">, request: Request) => Promise<Plan>;
  /** Puts the story there; it never goes back. */
  readonly at: (seconds: number) => Promise<void>;
}

/** A demo whose time stands still until it is told. */
export async function startStill(options: Pick<DemoOptions, "story" | "hosts">): Promise<RunningDemo> {
  let now = 0;
  const demo = await startDemo({ ...options, clock: () => now });
  return {
    ...demo,
    scrap: (...argv) => run(demo, argv),
    homelab: async () => {
      const session = open(demo);
      await session.once([...demo.inventory.hosts.keys()], 30_000);
      await session.close();
      return session.read([...demo.inventory.hosts.keys()]);
    },
    plan: async (operations, request) => {
      const session = open(demo);
      const hosts = hostsFor(request, demo.inventory);
      return operations.plan(request, { session, hosts, timeoutMs: 30_000 }).finally(session.close);
    },
    at: async (seconds) => {
      now = seconds * 1000;
      await demo.advance();
    },
  };
}

export interface Changing {
  readonly operations: Operations;
  readonly scrap: RunningDemo["scrap"];
  /** Plans an operation and follows it to its end. */
  readonly run: (request: Request) => Promise<NonNullable<Operation["ended"]>["outcome"] | undefined>;
}

/** Lets a test change the hosts of a demo, which ends with the test. */
export function changeIt(demo: RunningDemo): Changing {
  const folder = mkdtempSync(join(tmpdir(), "scrap-test-"));
  const drivers = createDriversHere({
    folder,
    loadInventory: async () => demo.inventory,
    patienceMs: 0,
    fail: (error) => {
      throw error;
    },
  });
  const operations = createOperations({ folder, drivers });
  onTestFinished(async () => {
    await drivers.settled();
    await demo.close();
    rmSync(folder, { recursive: true });
  });
  const silent = { onRecord: () => {}, onOutput: () => {} };
  return {
    operations,
    scrap: (...argv) => run(demo, argv, operations),
    run: async (request) => {
      const plan = await demo.plan(operations, request);
      await operations.start(plan, demo.inventory);
      const operation = await operations.follow(plan.id, silent, new AbortController().signal);
      return operation?.ended?.outcome;
    },
  };
}

/** What a host says to root, as any other would. */
export async function askHost(
  { inventory }: Demo,
  host: string,
  ...argv: [string, ...string[]]
): Promise<string> {
  const transport = createTransport({ hosts: inventory.hosts });
  const { stdout } = await transport.link(host).ask({ argv, asRoot: true });
  await transport.close();
  return stdout;
}

const open = ({ inventory }: Demo) =>
  createSession(
    inventory,
    createTransport({ hosts: inventory.hosts }),
    new AbortController().signal,
    (error) => {
      throw error;
    },
  );

async function run(demo: Demo, argv: readonly string[], operations?: Operations) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const context: Context = {
    print: (text) => stdout.push(text),
    complain: (text) => stderr.push(text),
    style: createStyle({}, { LANG: "C.UTF-8", NO_COLOR: "1" }),
    isTTY: false,
    isPlain: false,
    interrupted: new AbortController().signal,
    loadInventory: () => Promise.resolve(demo.inventory),
    open: async () => open(demo),
    cockpit: () => Promise.reject(new Error("nobody sits at a test")),
    watchLines: () => Promise.reject(new Error("nobody watches a test")),
    operations: () =>
      operations ? Promise.resolve(operations) : Promise.reject(new Error("this test changes nothing")),
    unfinished: async () => [],
    drive: () => Promise.reject(new Error("a test changes nothing")),
    onInterrupt: () => () => {},
    settings: () => Promise.reject(new Error("a test has no settings")),
  };
  const result = (exitCode: number) => ({ exitCode, stdout: stdout.join("\n"), stderr: stderr.join("\n") });
  try {
    return result(await runCommandLine(argv, context, "0.0.0-test"));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    stderr.push(error.message);
    return result(error.exitCode);
  }
}
