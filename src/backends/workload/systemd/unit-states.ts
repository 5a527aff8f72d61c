import { askHost, type Planning } from "../../../plan/planning.ts";
import type { Resource } from "../../resource.ts";
import { systemctl } from "./lifecycle.ts";

/** In systemd's words; empty where it has none. */
export interface UnitState {
  readonly active: string;
  readonly enabled: string;
  /** Of this run of it. */
  readonly invocation: string;
  /** Its file is not the one that systemd has read. */
  readonly isOutdated: boolean;
}

const properties = ["Id", "ActiveState", "UnitFileState", "InvocationID", "NeedDaemonReload"];

/** How units are now, by the name that was asked for; undefined when that manager does not answer. */
export function* askUnits(
  host: string,
  whose: Pick<Resource, "owner">,
  units: readonly string[],
): Planning<ReadonlyMap<string, UnitState> | undefined> {
  const asked = systemctl(whose, "show", `--property=${properties.join(",")}`, "--", ...units);
  const { exitCode, stdout } = yield* askHost(host, asked);
  const blocks = stdout.trim().split(/\n\n+/);
  if (exitCode !== 0 || blocks.length !== units.length) return undefined;
  return new Map(units.map((unit, index) => [unit, toState(blocks[index] ?? "")]));
}

function toState(block: string): UnitState {
  const fields = new Map(
    block.split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  return {
    active: fields.get("ActiveState") ?? "",
    enabled: fields.get("UnitFileState") ?? "",
    invocation: fields.get("InvocationID") ?? "",
    isOutdated: fields.get("NeedDaemonReload") === "yes",
  };
}
