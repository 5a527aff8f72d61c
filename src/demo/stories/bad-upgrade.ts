import type { SimulatedHost } from "../state.ts";
import type { Moment } from "../state-time.ts";
import type { Container } from "../state-workloads.ts";
import { change, type Happening, log, type Story } from "./happening.ts";

const name = "forge-server-1";
const [good, bad] = ["codeberg.org/forgejo/forgejo:11.0.1", "codeberg.org/forgejo/forgejo:12.0.0"];
const [upgraded, rolledBack, well] = [20, 170, 185];
const everySeconds = 6;

/** The new version ends as soon as it is started, over and over, until the old one is back. */
export const badUpgrade: Story = {
  happenings: [
    {
      after: upgraded,
      act: (host, at) => {
        recreate(host("cube"), at, { image: bad, health: "starting" });
        log(
          host("cube"),
          at,
          name,
          "Forgejo version 12.0.0 starting",
          "migrating the database from v35 to v41",
        );
      },
    },
    ...Array.from({ length: Math.floor((rolledBack - upgraded) / everySeconds) }, (_, index) =>
      fallOver(upgraded + 2 + index * everySeconds),
    ).flat(),
    {
      after: rolledBack,
      act: (host, at) => {
        recreate(host("cube"), at, { image: good, health: "starting" });
        log(host("cube"), at, name, "Forgejo version 11.0.1 starting", "database is at v35: nothing to do");
      },
    },
    { after: well, act: (host) => change(host("cube").containers, name, { health: "healthy" }) },
  ],
};

/** It ends, and is started again a few seconds later. */
function fallOver(after: number): readonly Happening[] {
  return [
    {
      after,
      act: (host, at) => {
        log(
          host("cube"),
          at,
          name,
          "migration v38 failed: column repo_unit.default_permissions exists",
          "exiting with status 1",
        );
        change(host("cube").containers, name, { state: "restarting", exitCode: 1, endedAt: at });
      },
    },
    {
      after: after + everySeconds - 2,
      act: (host, at) => {
        const container = host("cube").containers.find((each) => each.name === name);
        change(host("cube").containers, name, {
          state: "running",
          exitCode: 0,
          startedAt: at,
          restarts: (container?.restarts ?? 0) + 1,
        });
      },
    },
  ];
}

/** As Compose does it: another container of the same name, with another id. */
function recreate({ containers }: SimulatedHost, at: Moment, to: Partial<Container>): void {
  change(containers, name, {
    state: "running",
    exitCode: 0,
    restarts: 0,
    createdAt: at,
    startedAt: at,
    ...to,
  });
}
