import type { Wish } from "../backends/verbs.ts";
import { asUser } from "../backends/workload/users.ts";
import { Refused } from "../errors.ts";
import type { RunStep } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";

type Owner = NonNullable<Wish["owner"]>;

/** Who that user is on a host. Throws `Refused` where there is none. */
export function* findOwner(host: string, name: string): Planning<Owner> {
  const { stdout } = yield* askHost(host, { argv: ["getent", "passwd", name] });
  const [, , uid, gid, , home] = stdout.trim().split(":");
  if (!/^\d+$/.test(uid ?? "") || !/^\d+$/.test(gid ?? "") || !home?.startsWith("/"))
    throw new Refused(`There is no user ${name} on ${host}.`);
  return { user: { name, uid: Number(uid), gid: Number(gid) }, home };
}

/** Makes the folders of a user that are not there, as their own. */
export function* makeFolders(
  folders: readonly string[],
  { user, home }: Owner,
  host: string,
): Planning<readonly RunStep[]> {
  const wanted = [...new Set(folders)].filter((folder) => folder.startsWith(`${home}/`));
  const missing = [];
  for (const folder of wanted) {
    const { exitCode } = yield* askHost(host, asUser(user, "ls", "-d", "--", folder));
    if (exitCode !== 0) missing.push(folder);
  }
  if (missing.length === 0) return [];
  return [
    {
      kind: "run",
      id: "folders",
      title: `Make ${missing.join(" and ")} for ${user.name}`,
      effect: "changes",
      host,
      command: asUser(user, "mkdir", "-p", "--", ...missing),
      again: "safe",
      undo: [],
      timeoutMs: 30_000,
    },
  ];
}
