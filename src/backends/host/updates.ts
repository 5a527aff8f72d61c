import type { Found } from "../../command/answers.ts";
import type { Command, Look } from "../../command/command.ts";
import { expectExit, parseLines, unreadable } from "../parse.ts";
import { defineProbe, type Probe } from "../probe.ts";

export interface Updates {
  readonly pending: number;
  /** Absent where the package manager does not tell them apart. */
  readonly security?: number;
}

interface PackageManager {
  readonly program: string;
  /** Its database: only where that is, it is in use. */
  readonly database: string;
  readonly argv: Command["argv"];
  readonly parse: Probe<Updates>["parse"];
}

/** None of these asks the network: they tell what the host learned when it last looked. */
const managers: readonly PackageManager[] = [
  {
    program: "apt-get",
    database: "/var/lib/dpkg/status",
    // Without cache files, so that nothing is written as root either.
    argv: [
      ...(["apt-get", "-s", "-o", "Debug::NoLocking=true"] as const),
      ...["-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=", "--with-new-pkgs", "upgrade"],
    ],
    // `Inst name [from] (to Origin:version/suite [architecture])`; without [from] it is a new package.
    parse: (output) => {
      const lines = parseLines(expectExit(output).stdout);
      if (!lines.some((line) => /^\d+ upgraded, /.test(line)))
        throw unreadable("Not a simulated upgrade", output.stdout);
      const upgrades = lines.filter((line) => /^Inst \S+ \[/.test(line));
      const security = upgrades.filter((line) => /\([^)]*(?:Debian-Security:|-security\b)/.test(line));
      return { pending: upgrades.length, security: security.length };
    },
  },
];

export const packageManagers: Look = {
  programs: managers.map(({ program }) => program),
  paths: managers.map(({ database }) => database),
};

/** Asks the package manager that the host lives by; none, none. */
export function updates(found: Found): Probe<Updates> | undefined {
  const manager = managers.find(
    ({ program, database }) => found.programs.has(program) && found.paths.has(database),
  );
  if (!manager) return undefined;
  return defineProbe({
    id: "host.updates",
    question: { argv: manager.argv, timeoutMs: 60_000 },
    freshMs: 6 * 3_600_000,
    sees: "pending updates",
    parse: manager.parse,
  });
}
