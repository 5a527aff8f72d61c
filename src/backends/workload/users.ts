import { parseFiles, parseLook } from "../../command/answers.ts";
import type { Command, User } from "../../command/command.ts";
import { expectExit, parseLines } from "../parse.ts";
import { defineProbe, factOf, type Observations } from "../probe.ts";

/** Somebody who keeps things running: whoever does not linger takes them along when logging out. */
export interface LingeringUser {
  readonly user: User;
  readonly home: string;
}

/** Who has a user manager. Both questions go the fast way; each backend asks under its own name. */
export const usersProbes = (backend: string) => ({
  sessions: defineProbe({
    id: `${backend}.users`,
    question: { programs: [], paths: ["/run/user/*", "/var/lib/systemd/linger/*"] },
    freshMs: 60_000,
    sees: "which users run things of their own",
    parse: (output) => [...parseLook(expectExit(output).stdout).paths],
  }),
  accounts: defineProbe({
    id: `${backend}.accounts`,
    question: { files: ["/etc/passwd"] },
    freshMs: 600_000,
    sees: "the names of users",
    parse: (output) => parsePasswd(parseFiles(expectExit(output).stdout).get("/etc/passwd") ?? ""),
  }),
});

/** passwd(5): name:password:uid:gid:… Only what is needed, and no name that a tool could take for an option. */
function parsePasswd(text: string): readonly LingeringUser[] {
  return parseLines(text).flatMap((line) => {
    const [name = "", , uid = "", gid = "", , home = ""] = line.split(":");
    return /^[a-z_][\w.-]*\$?$/i.test(name) && /^\d+$/.test(uid) && /^\d+$/.test(gid)
      ? [{ user: { name, uid: Number(uid), gid: Number(gid) }, home }]
      : [];
  });
}

/** Everyone but root who lingers, and whose user manager is up, by name. Nobody while that is not known. */
export function lingeringUsers(
  probes: ReturnType<typeof usersProbes>,
  observations: Observations,
): readonly LingeringUser[] {
  const paths = new Set(factOf(observations.of(probes.sessions)) ?? []);
  const accounts = factOf(observations.of(probes.accounts)) ?? [];
  return accounts
    .filter(({ user: { uid } }) => uid !== 0 && paths.has(`/run/user/${uid}`))
    .filter(({ user: { name } }) => paths.has(`/var/lib/systemd/linger/${name}`))
    .sort((a, b) => (a.user.name < b.user.name ? -1 : 1));
}

/** Makes a command a user's own: to become somebody forgets the environment that such tools need. */
export const asUser = (user: User | undefined, ...argv: Command["argv"]): Command =>
  user === undefined
    ? { argv }
    : {
        argv: ["env", "LC_ALL=C", "TZ=UTC", `XDG_RUNTIME_DIR=/run/user/${user.uid}`, ...argv],
        asUser: user,
      };
