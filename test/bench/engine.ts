import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Bench, CannotMeasure, type Outcome } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";
import { type Ground, makeGround } from "./engine-ground.ts";
import { measureLongPlan } from "./long-plan.ts";
import { startProber } from "./prober.ts";
import { environmentIn, scrap } from "./product.ts";
import { median, type Timed, timeProgram, toRange, toTime } from "./timing.ts";

const limits = { overheadMs: 1_500, times: 1.2, moreMs: 300 };
const soakMs = 2_000;

/** What it costs that an operation is planned, written down and watched, against the bare commands. */
export const engine: Bench = {
  name: "engine",
  async *run({ isQuick }, cleanup) {
    yield await measureLongPlan(isQuick, cleanup);
    yield await measureUpgrade(isQuick ? 2 : 9, cleanup);
  },
};

type Say = (...words: string[]) => Promise<Timed>;

async function measureUpgrade(rounds: number, cleanup: Cleanup): Promise<Outcome> {
  const ground = await makeGround(rounds, cleanup);
  const folder = cleanup.folder();
  const env = { ...environmentIn(folder), XDG_STATE_HOME: join(folder, "state") };
  const say: Say = (...words) => timeProgram([scrap, "--inventory", ground.inventory, ...words], { env });
  await untilFree(() => say("deploy", ground.service, "--yes"));
  const times = {
    planning: [] as number[],
    ours: [] as number[],
    theirs: [] as number[],
    away: { ours: [] as number[], theirs: [] as number[] },
  };
  for (let round = 1; round <= rounds; round++) {
    const byUs = await upgrade(round, ground, folder, say);
    const hand = await byHand(round, ground);
    times.planning.push(byUs.planningMs);
    times.ours.push(byUs.ms - soakMs);
    times.away.ours.push(byUs.awayMs);
    times.theirs.push(hand.ms);
    times.away.theirs.push(hand.awayMs);
  }
  const overhead = median(times.ours) - median(times.theirs);
  const [away, awayByHand] = [median(times.away.ours), median(times.away.theirs)];
  const mostAway = awayByHand * limits.times + limits.moreMs;
  return {
    lines: [
      {
        what: "an upgrade without its soak, the same by hand",
        ours: toRange(times.ours),
        theirs: toRange(times.theirs),
        figure: `${toTime(overhead)} more`,
        target: `≤ ${toTime(limits.overheadMs)}`,
        isMet: overhead <= limits.overheadMs,
      },
      {
        what: "an upgrade, the service is away",
        ours: toRange(times.away.ours),
        theirs: toRange(times.away.theirs),
        figure: `${(away / awayByHand).toFixed(2)} times as long`,
        target: `≤ ${limits.times} times + ${limits.moreMs} ms: ${toTime(mostAway)}`,
        isMet: away <= mostAway,
      },
    ],
    notes: [
      `an upgrade: scrap apply of a kept plan, from start to end, less ${soakMs / 1000} s of soak; a quadlet with a btrfs subvolume on vps1 of the lab; median of ${rounds}, in turns`,
      "  theirs: ssh vps1 sudo sh: stop, snapshot, file, daemon-reload, start",
      `  planned before, scrap upgrade --dry-run --out: ${toRange(times.planning)}`,
      "  away: the longest time between two answers to a new connection every 50 ms from here",
    ],
  };
}

async function upgrade(round: number, { service, versionOf, urls }: Ground, folder: string, say: Say) {
  let tries = 0;
  // A plan is tried once.
  return untilFree(async () => {
    const file = join(folder, `${round}-${++tries}.json`);
    const to = ["--to", versionOf(round), "--soak", `${soakMs}ms`];
    const { ms: planningMs } = await say("upgrade", service, ...to, "--dry-run", "--out", file);
    const prober = startProber(urls.ours);
    await sleep(500);
    const applied = await say("apply", file, "--yes");
    await sleep(300);
    return { ...applied, planningMs, awayMs: await prober.stop() };
  });
}

async function byHand(round: number, { byHand: wordsOf, urls }: Ground) {
  const prober = startProber(urls.theirs);
  await sleep(500);
  const { argv, input } = wordsOf(round);
  const [program = "", ...args] = argv;
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: ["pipe", "ignore", "inherit"] });
  child.stdin.end(input);
  const [exitCode] = await once(child, "close");
  const ms = performance.now() - startedAt;
  if (exitCode !== 0) throw new CannotMeasure(`by hand: exit ${exitCode}`);
  await sleep(300);
  return { ms, awayMs: await prober.stop() };
}

/** Others may hold the host for a while. Throws with what was said unless it succeeds. */
async function untilFree<Result extends Timed>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const result = await attempt();
    if (result.exitCode === 0) return result;
    const said = `${result.stdout}${result.stderr}`.trim();
    if (tries === 30 || !/is held by/.test(said))
      throw new CannotMeasure(said.split("\n").slice(-4).join(" / "));
    await sleep(1_000);
  }
}
