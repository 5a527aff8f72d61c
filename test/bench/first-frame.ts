import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Measurement } from "./bench.ts";
import { type Cleanup, createCleanup } from "./cleanup.ts";
import { openCockpitOn, showsHosts, size } from "./cockpit-on.ts";
import type { Crowd } from "./crowd.ts";
import { environmentIn } from "./product.ts";
import { openScreen } from "./screen.ts";
import { median, timeProgram, toRange, toTime } from "./timing.ts";

const limit = 1.5;

/** From the start to rows of hosts as they were when the cockpit was left last, which it was. */
export async function measureFirstFrame(
  crowd: Crowd,
  folder: string,
  isQuick: boolean,
  cleanup: Cleanup,
): Promise<{ readonly lines: readonly Measurement[]; readonly notes: readonly string[] }> {
  const program = await bundleInkLine(cleanup.folder());
  const env = environmentIn(folder);
  const times = { ours: [] as number[], ink: [] as number[], cached: [] as number[], node: [] as number[] };
  const inkIn = (more: Readonly<Record<string, string>>) =>
    timeScreen((end) =>
      openScreen(
        [process.execPath, program],
        { ...size, env: { ...env, ...more }, leave: "\x03" },
        end,
      ).until((lines) => lines.some((line) => line.includes("hello from Ink")), 30_000),
    );
  const [warmUps, rounds] = isQuick ? [2, 5] : [3, 21];
  for (let round = -warmUps; round < rounds; round++) {
    const ours = await timeScreen((end) => openCockpitOn(crowd, folder, end).until(showsHosts, 30_000));
    const ink = await inkIn({});
    const cached = await inkIn({ NODE_COMPILE_CACHE: join(folder, "cache/ink") });
    const { ms: node } = await timeProgram([process.execPath, "-e", "0"], { env });
    if (round < 0) continue;
    times.ours.push(ours);
    times.ink.push(ink);
    times.cached.push(cached);
    times.node.push(node);
  }
  const ratio = median(times.ours) / median(times.ink);
  return {
    lines: [
      {
        what: `first frame with ${crowd.count} hosts, one line of Ink`,
        ours: toRange(times.ours),
        theirs: toRange(times.ink),
        figure: `${ratio.toFixed(2)} times as long`,
        target: `≤ ${limit}`,
        isMet: ratio <= limit,
      },
    ],
    notes: [
      `first frame: from the start of bin/scrap in a terminal until rows of hosts are there, from what it knew last; median of ${rounds}, in turns`,
      `  theirs: a bundled program of Ink that prints one line; with a compile cache of its own ${toTime(median(times.cached))}; node -e 0 ${toTime(median(times.node))}`,
    ],
  };
}

async function timeScreen(work: (end: Cleanup) => Promise<number>): Promise<number> {
  const end = createCleanup();
  try {
    return await work(end);
  } finally {
    await end.run();
  }
}

/** Bundled as the product is. */
async function bundleInkLine(folder: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL("ink-line.ts", import.meta.url))],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    minifySyntax: true,
    external: ["react-devtools-core"],
    define: { "process.env.NODE_ENV": '"production"' },
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return join(folder, "ink-line.mjs");
}
