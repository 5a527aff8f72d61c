import type { SimulatedHost } from "../state.ts";
import { barn } from "./barn.ts";
import { cube } from "./cube.ts";
import { gate } from "./gate.ts";
import { nas } from "./nas.ts";
import { offsite } from "./offsite.ts";
import { pi } from "./pi.ts";
import { pine } from "./pine.ts";
import { vps1, vps2 } from "./vps.ts";

/** All hosts of the simulated homelab, as they are before anything happens. */
export function homelab(): readonly SimulatedHost[] {
  const repositories = [offsite()];
  return [gate(), nas(repositories), cube(), pine(repositories), barn(), pi(), vps1(), vps2()];
}
