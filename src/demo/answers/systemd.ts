import { fractionOf } from "../stand-ins.ts";
import type { SimulatedHost, Unit } from "../state.ts";
import { baseUnits, userUnits } from "./base-units.ts";
import {
  complain,
  type FileEntry,
  isAsked,
  lines,
  operandsOf,
  optionOf,
  type Surroundings,
  say,
  type Tool,
} from "./tool.ts";

/** `systemctl`: the system's manager, and with `--user` that of who asks. */
export const systemd: Tool = {
  isOn: () => true,
  programs: {
    "/usr/bin/systemctl": (args, surroundings) => {
      const isUser = args[0] === "--user";
      const [verb = "", ...rest] = isUser ? args.slice(1) : args;
      const user = isUser ? surroundings.user : undefined;
      if (isUser && !surroundings.host.persons.some(({ name }) => name === user))
        return complain(
          1,
          "Failed to connect to user scope bus via local transport: No such file or directory\n",
        );
      if (isAsked(args, "--version")) return say(versionOf(surroundings.host));
      if (verb === "list-units") return listUnits(user, rest, surroundings);
      if (verb === "list-timers") return listTimers(user, rest, surroundings);
      if (verb === "show") return show(user, rest, surroundings);
      return complain(1, `Unknown command verb '${verb}'.\n`);
    },
  },
  files,
};

const versionOf = ({ system }: SimulatedHost) =>
  `systemd ${system.systemd.split(".")[0]} (${system.systemd})\n+PAM +AUDIT +SELINUX +APPARMOR +IMA +IPE +SMACK +SECCOMP +GCRYPT -GNUTLS +OPENSSL +ACL +BLKID +CURL +ELFUTILS +FIDO2 +IDN2 -IDN +IPTC +KMOD +LIBCRYPTSETUP +LIBCRYPTSETUP_PLUGINS +LIBFDISK +PCRE2 +PWQUALITY +P11KIT +QRENCODE +TPM2 +BZIP2 +LZ4 +XZ +ZLIB +ZSTD +BPF_FRAMEWORK +BTF -XKBCOMMON -UTMP +SYSVINIT +LIBARCHIVE\n`;

interface Listed {
  readonly unit: string;
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  readonly description: string;
}

function unitsOf(user: string | undefined, host: SimulatedHost): Listed[] {
  const base = (user === undefined ? baseUnits : userUnits).map(([unit, active, sub, description]) => ({
    unit,
    load: "loaded",
    active,
    sub,
    description,
  }));
  const own = host.units
    .filter((unit) => unit.user === user)
    .map(({ name, active, sub, description }) => ({ unit: name, load: "loaded", active, sub, description }));
  const timers = (user === undefined ? host.timers : []).flatMap(({ name, activates, description }) => [
    { unit: name, load: "loaded", active: "active", sub: "waiting", description },
    { unit: activates, load: "loaded", active: "inactive", sub: "dead", description },
  ]);
  const names = new Set(own.map(({ unit }) => unit));
  return [...base, ...own, ...timers.filter(({ unit }) => !names.has(unit))];
}

function listUnits(user: string | undefined, args: readonly string[], { host }: Surroundings) {
  const types = optionOf(args, "--type")?.split(",");
  const typeOf = (unit: string) => unit.slice(unit.lastIndexOf(".") + 1);
  const listed = unitsOf(user, host)
    .filter(({ unit }) => types === undefined || types.includes(typeOf(unit)))
    .filter(({ active }) => args.includes("--all") || active !== "inactive");
  if (optionOf(args, "--output") === "json") return say(`${JSON.stringify(listed)}\n`);
  return say(
    lines(listed.map((each) => `  ${each.unit} ${each.load} ${each.active} ${each.sub} ${each.description}`)),
  );
}

function listTimers(user: string | undefined, args: readonly string[], surroundings: Surroundings) {
  if (optionOf(args, "--output") !== "json") return complain(1, "Only --output=json is simulated.\n");
  const { host, now, dateOf } = surroundings;
  const stamp = (moment: number) => dateOf(moment).getTime() * 1000;
  const timers = (user === undefined ? host.timers : []).map(({ name, activates, everyMs }) => {
    const last = now - ((now + everyMs * (1 + fractionOf(`${host.name} ${name}`))) % everyMs);
    const next = stamp(last + everyMs);
    return {
      next,
      left: next,
      last: stamp(last),
      passed: Math.round((last - host.bootedAt) * 1000),
      unit: name,
      activates,
    };
  });
  return say(`${JSON.stringify(timers)}\n`);
}

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
  "FragmentPath",
  "SourcePath",
  "UnitFileState",
  "StateChangeTimestamp",
];

function show(user: string | undefined, args: readonly string[], surroundings: Surroundings) {
  const wanted = optionOf(args, "-p")?.split(",") ?? order;
  const unknown = wanted.find((name) => !order.includes(name));
  if (unknown !== undefined) return complain(1, `The property ${unknown} is not simulated.\n`);
  const blocks = operandsOf(args).map((name) => {
    const properties = propertiesOf(name, user, surroundings);
    return lines(order.filter((key) => wanted.includes(key)).map((key) => `${key}=${properties[key] ?? ""}`));
  });
  return say(blocks.join("\n"));
}

function propertiesOf(
  name: string,
  user: string | undefined,
  { host, dateOf }: Surroundings,
): Readonly<Record<string, string | number>> {
  const unit =
    host.units.find((each) => each.name === name && each.user === user) ?? fromDistribution(name, host);
  if (unit === undefined) return { Id: name, Result: "success", NRestarts: 0 };
  const { startedAt, changedAt } = unit;
  return {
    Id: unit.name,
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

function fromDistribution(name: string, host: SimulatedHost): Unit | undefined {
  const timer = host.timers.find((each) => each.activates === name || each.name === name);
  const found = [...baseUnits, ...userUnits].find(([unit]) => unit === name);
  if (!timer && !found) return undefined;
  const isRunning = found?.[1] === "active";
  return {
    ...{ name, description: "", active: "active", sub: "running", result: "success" },
    ...{ exitCode: 0, exitStatus: 0, restarts: 0, restart: "no", enabled: "static", wantedBy: [], ports: [] },
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

function* files({ host }: Surroundings): Iterable<FileEntry> {
  yield ["/run/systemd/system", undefined];
  yield ["/etc/systemd/system/multi-user.target.wants", undefined];
  for (const { user, path } of host.units) if (user === undefined) yield [path, () => "[Unit]\n"];
  for (const { path, activates } of host.timers) {
    yield [path, () => "[Timer]\n"];
    yield [path.replace(/[^/]+$/, activates), () => "[Service]\n"];
  }
  yield ["/run/user/0", undefined];
  for (const { name, uid } of host.persons) {
    yield [`/run/user/${uid}`, undefined];
    yield [`/var/lib/systemd/linger/${name}`, () => ""];
  }
}
