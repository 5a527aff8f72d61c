import { expect, it, vi } from "vitest";
import type { Homelab } from "../../../src/model/homelab.ts";
import { keys, openOn } from "./open.ts";
import { readRecordedHomelab } from "./recorded-homelab.ts";

const hour = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

it("asks repositories when their screen is opened, never before, and by R whatever is known", async () => {
  const askRepositories = vi.fn(() => Promise.resolve(1));
  const { type } = await openOn(await readRecordedHomelab(), { changing: { askRepositories } });
  await type("2");
  expect(askRepositories).not.toHaveBeenCalled();
  expect(await type("6")).toMatch(/mail +offsite +◌ not asked +not yet/);
  expect(askRepositories.mock.calls).toEqual([[hour, true]]);
  expect(await type("R")).toContain("repositories");
  expect(askRepositories.mock.lastCall).toEqual([0, false]);
});

it("says what a repository told, and why it did not", async () => {
  const lab = await readRecordedHomelab();
  const homelab: Homelab = {
    ...lab.homelab,
    services: lab.homelab.services.map((known) =>
      known.service.name === "mail"
        ? {
            ...known,
            budget: {
              allowedMs: 72 * hour,
              per: "month",
              spentMs: hour,
              plannedMs: 0,
              watchedRatio: 0.4,
            },
            copies: {
              ...known.copies,
              newest: { kind: "backup", health: "warning", words: "3 h ago, may be 60 min" },
              backups: [
                {
                  repository: "offsite",
                  askedAt: ago(60_000),
                  newest: { id: "a1", at: ago(3 * hour) },
                  why: "root of vps1 has no key that opens it, and nobody can be asked for its password at night",
                },
              ],
            },
          }
        : known,
    ),
  };
  const { type } = await openOn({ ...lab, homelab }, {});
  const list = await type("6");
  expect(list).toMatch(/mail +offsite +▲ 3 h ago, may be 60 min +did not tell: root of vps1/);
  expect(list).toContain("? offsite did not tell: root of vps1 has no key that opens it");
  const page = await type(keys.enter);
  expect(page.replaceAll(/\s+/g, " ")).toContain("nobody can be asked for its password at night");
  expect(page).toMatch(/offsite +3 h ago +asked \d+ s ago/);
  expect(page).toContain("at least 1 h of 3 d this month; somebody watched 40% of it");
});
