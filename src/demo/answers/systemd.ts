import { fractionOf } from "../stand-ins.ts";
import type { SimulatedHost } from "../state.ts";
import { baseUnits, userUnits } from "./base-units.ts";
import { show } from "./systemd-show.ts";
import { changeUnits, isVerb } from "./systemd-verbs.ts";
import {
  complain,
  type FileEntry,
  isAsked,
  lines,
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
      const machine = args.find((arg) => arg.startsWith("--machine="));
      const [verb = "", ...rest] = args.slice((isUser ? 1 : 0) + (machine === undefined ? 0 : 1));
      const user = isUser
        ? (/^--machine=(.*)@\.host$/.exec(machine ?? "")?.[1] ?? surroundings.user)
        : undefined;
      if (isUser && !surroundings.host.persons.some(({ name }) => name === user))
        return complain(
          1,
          "Failed to connect to user scope bus via local transport: No such file or directory\n",
        );
      if (isAsked(args, "--version")) return say(versionOf(surroundings.host));
      if (verb === "list-units") return listUnits(user, rest, surroundings);
      if (verb === "list-timers") return listTimers(user, rest, surroundings);
      if (verb === "show") return show(user, rest, surroundings);
      if (isVerb(verb)) return changeUnits(verb, user, rest, surroundings);
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
