import { fractionOf, hexOf } from "../stand-ins.ts";
import type { SimulatedHost } from "../state.ts";
import type { Unit } from "../state-workloads.ts";
import { baseUnits, userUnits } from "./base-units.ts";
import { complain, lines, operandsOf, optionOf, type Surroundings, say } from "./tool.ts";

/** In its own order, whatever was asked for. */
const order = [
  "Restart",
  "Result",
  "NRestarts",
  "ExecMainStartTimestampMonotonic",
  "ExecMainCode",
  "ExecMainStatus",
  "MemoryCurrent",
  "Id",
  "RequiredBy",
  "WantedBy",
  "LoadState",
  "ActiveState",
  "FragmentPath",
  "SourcePath",
  "UnitFileState",
  "StateChangeTimestamp",
  "NeedDaemonReload",
  "InvocationID",
];

/** `systemctl show`: blocks of properties. */
export function show(user: string | undefined, args: readonly string[], surroundings: Surroundings) {
  const one = args.includes("--value") ? optionOf(args, "--property") : undefined;
  if (one !== undefined) return showValue(one, user, args, surroundings);
  const wanted = (optionOf(args, "-p") ?? optionOf(args, "--property"))?.split(",") ?? order;
  const unknown = wanted.find((name) => !order.includes(name));
  if (unknown !== undefined) return complain(1, `The property ${unknown} is not simulated.\n`);
  const blocks = operandsOf(args).map((name) => {
    const properties = propertiesOf(name, user, surroundings);
    return lines(order.filter((key) => wanted.includes(key)).map((key) => `${key}=${properties[key] ?? ""}`));
  });
  return say(blocks.join("\n"));
}

/** `systemctl show --value --property=…`, of one unit. */
function showValue(
  property: string,
  user: string | undefined,
  args: readonly string[],
  surroundings: Surroundings,
) {
  const [name = ""] = operandsOf(args);
  const value = propertiesOf(name, user, surroundings)[property];
  if (value === undefined) return complain(1, `The property ${property} of ${name} is not simulated.\n`);
  return say(`${value}\n`);
}

function propertiesOf(
  name: string,
  user: string | undefined,
  { host, dateOf }: Surroundings,
): Readonly<Record<string, string | number>> {
  const unit =
    host.units.find((each) => each.name === name && each.user === user) ?? fromDistribution(name, host);
  if (unit === undefined)
    return {
      Id: name,
      LoadState: "not-found",
      LoadError: `org.freedesktop.systemd1.NoSuchUnit "Unit ${name} not found."`,
      ActiveState: "inactive",
      Result: "success",
      NRestarts: 0,
      NeedDaemonReload: "no",
    };
  const { startedAt, changedAt } = unit;
  return {
    Id: unit.name,
    LoadState: "loaded",
    LoadError: "",
    NeedDaemonReload: isOutdated(unit, host) ? "yes" : "no",
    ActiveState: unit.active,
    InvocationID: startedAt === undefined ? "" : hexOf(`${host.name} ${unit.name} ${startedAt}`, 32),
    Restart: unit.restart,
    Result: unit.result,
    NRestarts: unit.restarts,
    ExecMainStartTimestampMonotonic:
      startedAt === undefined ? 0 : Math.round((startedAt - host.bootedAt) * 1000),
    ExecMainCode: unit.exitCode,
    ExecMainStatus: unit.exitStatus,
    MemoryCurrent: unit.active === "active" ? memoryOf(host, unit) : "[not set]",
    WantedBy: unit.wantedBy.join(" "),
    FragmentPath: unit.path,
    SourcePath: unit.source ?? "",
    UnitFileState: unit.enabled,
    StateChangeTimestamp: changedAt === undefined ? "" : toStamp(dateOf(changedAt)),
  };
}

/** Its file is not what systemd has read. */
const isOutdated = ({ source = "", read }: Unit, { files }: SimulatedHost) =>
  read !== undefined && files.get(source)?.text !== read;

function fromDistribution(name: string, host: SimulatedHost): Unit | undefined {
  const timer = host.timers.find((each) => each.activates === name || each.name === name);
  const found = [...baseUnits, ...userUnits].find(([unit]) => unit === name);
  if (!timer && !found) return undefined;
  const isRunning = found?.[1] === "active";
  return {
    name,
    description: "",
    active: "active",
    sub: "running",
    result: "success",
    exitCode: 0,
    exitStatus: 0,
    restarts: 0,
    restart: "no",
    enabled: "static",
    wantedBy: [],
    ports: [],
    path: timer ? timer.path.replace(/[^/]+$/, name) : `/usr/lib/systemd/system/${name}`,
    ...(isRunning
      ? { startedAt: host.bootedAt + 3000, changedAt: host.bootedAt + 3000 }
      : { active: "inactive" }),
  };
}

const memoryOf = (host: SimulatedHost, { name }: Unit) =>
  4096 * Math.round(2000 + fractionOf(`${host.name} ${name} memory`) * 40_000);

/** `Fri 2026-11-20 19:41:22 UTC` */
function toStamp(date: Date): string {
  const day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][date.getUTCDay()];
  return `${day} ${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
