import { setTimeout as sleep } from "node:timers/promises";
import { CommandFailed } from "../errors.ts";
import type { WaitStep } from "../plan/plan.ts";
import { askPatiently } from "./checks.ts";
import type { Work } from "./hands.ts";
import { persist } from "./persist.ts";

/** Asks until all answers are yes and stayed so. Rejects when that takes too long, or what must not change does. */
export async function waitUntil(step: WaitStep, work: Work): Promise<void> {
  const { transport, patienceMs } = work;
  const untilMs = Date.now() + step.timeoutMs;
  let steadySince: number | undefined;
  let told = "";
  let first: readonly string[] | undefined;
  let before: readonly string[] | undefined;
  let deaths = 0;
  for (;;) {
    const wrong = await firstNo(step, work);
    const seen = await Promise.all(
      (step.unchanged ?? []).map(async ({ title, command }) => {
        const { stdout } = await persist(patienceMs, () => transport.link(step.host).ask(command));
        return { title, said: stdout.trim() };
      }),
    );
    // A count of restarts that grew tells of a death that nobody saw.
    const moved = first && seen.find(({ said }, index) => said !== first?.[index]);
    if (moved) {
      // Of several, only those that are others now.
      const known = new Set(first?.flatMap((said) => said.split("\n")));
      const news = moved.said.split("\n").filter((line) => !known.has(line));
      throw new CommandFailed(
        `${step.title}: ${moved.title} changed${news.length > 0 ? ` to ${news.join(", ")}` : ""} while we watched.`,
      );
    }
    // What dies again and again will not be well by waiting.
    const died = before && seen.find(({ said }, index) => said !== before?.[index]);
    deaths += died ? 1 : 0;
    if (died && deaths >= 3)
      throw new CommandFailed(`${step.title}: it does not stay up: ${died.title} changes again and again.`);
    before = seen.map(({ said }) => said);
    if (wrong === undefined) {
      steadySince ??= Date.now();
      first ??= seen.map(({ said }) => said);
      if (Date.now() - steadySince >= (step.steadyMs ?? 0)) return;
    } else {
      steadySince = undefined;
      if (wrong !== told) work.onOutput(step.id, `${wrong}\n`);
      told = wrong;
    }
    if (work.asked() === "walk-back") throw new CommandFailed(`${step.title}: it was cancelled`);
    if (wrong !== undefined && Date.now() > untilMs)
      throw new CommandFailed(`${step.title}: not within ${step.timeoutMs / 1000} s: ${wrong}`);
    await sleep(step.everyMs);
  }
}

async function firstNo({ until }: WaitStep, { transport, patienceMs }: Work): Promise<string | undefined> {
  for (const check of until) {
    const verdict = await persist(patienceMs, () => askPatiently(check, transport));
    if (!verdict.holds)
      return verdict.why.startsWith(check.title) ? verdict.why : `${check.title}: ${verdict.why}`;
  }
  return undefined;
}
