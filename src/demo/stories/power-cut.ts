import { chargeOf } from "../answers/nut.ts";
import { startAll } from "../build-host.ts";
import type { SimulatedHost, Ups } from "../state.ts";
import type { Moment } from "../state-time.ts";
import type { Story } from "./happening.ts";

/** The line goes, the battery sinks until the hungriest host is shut down, and the line comes back. */
export const powerCut: Story = {
  happenings: [
    {
      after: 15,
      act: (host, at) => {
        const ups = upsOf(host("nas"));
        // An old battery: who watches does not want to wait for half an hour.
        ups.batteryMs = 200_000;
        switchLine(ups, false, at);
      },
    },
    {
      after: 180,
      act: (host) => {
        host("cube").isUp = false;
      },
    },
    { after: 205, act: (host, at) => switchLine(upsOf(host("nas")), true, at) },
    {
      after: 240,
      act: (host, at) => {
        upsOf(host("nas")).batteryMs = 26 * 60_000;
        const cube = host("cube");
        Object.assign(cube, { isUp: true, bootedAt: at - 25_000 });
        startAll(cube);
      },
    },
  ],
};

export function upsOf({ upses }: SimulatedHost): Ups {
  const ups = upses[0];
  if (!ups) throw new Error("The story needs a UPS.");
  return ups;
}

export function switchLine(ups: Ups, isOn: boolean, at: Moment): void {
  ups.line = { isOn, since: at, chargeThen: chargeOf(ups, at) };
}
