import type { Command } from "../../command/command.ts";
import type { RunStep } from "../../plan/plan.ts";
import { askHost, type Planning } from "../../plan/planning.ts";
import { failureOf } from "../parse.ts";
import type { PackageUpgrade, PackageVerbs, WhyNot } from "../verbs.ts";

/** Answers what would be done, and does nothing. As root, because some hosts let nobody else read their lists. */
const simulate: Command = {
  argv: ["apt-get", "-s", "-q", "-o", "Debug::NoLocking=true", "--with-new-pkgs", "upgrade"],
  asRoot: true,
  timeoutMs: 60_000,
};

// Whoever changed a file of configuration keeps it; the new one lies beside it.
const keepConfiguration = ["-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"];

const run = (...args: readonly string[]): Command => ({
  argv: [
    ...(["env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=l", "apt-get", "-q", "-y"] as const),
    ...["-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0"],
    ...args,
  ],
  asRoot: true,
});

/** apt: upgrades what is installed, and removes nothing. */
export const packages: PackageVerbs = {
  *upgrade(host): Planning<PackageUpgrade | WhyNot> {
    const found = yield* askHost(host, { argv: ["apt-get", "--version"] });
    if (found.exitCode !== 0) return { whyNot: `${host} has no apt: its packages are upgraded by hand.` };
    const answer = yield* askHost(host, simulate);
    if (answer.exitCode !== 0 || !/^\d+ upgraded, /m.test(answer.stdout))
      return {
        whyNot: `apt on ${host} cannot say what it would do: ${failureOf(answer)}`,
        hint: `Mend it there first: apt-get -f install`,
      };
    const listed = toPackages(answer.stdout);
    const kept = toKeptBack(answer.stdout);
    return {
      packages: listed,
      keptBack: kept,
      basis: [
        {
          kind: "host",
          title: "the packages that would be upgraded",
          host,
          command: simulate,
          stdout: answer.stdout.trim(),
        },
      ],
      steps: listed.length === 0 ? [] : [upgradeStep(host, listed)],
    };
  },
};

function upgradeStep(host: string, listed: PackageUpgrade["packages"]): RunStep {
  return {
    kind: "run",
    id: "packages",
    title: `Upgrade ${listed.length} package${listed.length === 1 ? "" : "s"} of ${host}`,
    host,
    command: run(...keepConfiguration, "--with-new-pkgs", "upgrade"),
    effect: "interrupts",
    // What was interrupted is finished by dpkg first.
    again: "safe",
    timeoutMs: 3_600_000,
    done: {
      kind: "command",
      title: "nothing of it is left",
      host,
      command: simulate,
      expect: { stdoutMatches: "^0 upgraded, 0 newly installed," },
    },
  };
}

/** `Inst name [from] (to Origin:version/suite [architecture])`; without [from] it is a new package. */
function toPackages(stdout: string): PackageUpgrade["packages"] {
  return [...stdout.matchAll(/^Inst (\S+)(?: \[([^\]\s]+)\])? \((\S+) ([^)]*)\)/gm)].map(
    ([, name = "", from, to = "", origin = ""]) => ({
      name,
      to,
      isSecurity: /Debian-Security:|-security\b/.test(origin),
      ...(from === undefined ? {} : { from }),
    }),
  );
}

function toKeptBack(stdout: string): readonly string[] {
  const [, names = ""] = /^The following packages have been kept back:\n((?: .*\n)*)/m.exec(stdout) ?? [];
  return names.split(/\s+/).filter((name) => name !== "");
}
