import type { Wish } from "../backends/contract.ts";
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
  return { name, uid: Number(uid), gid: Number(gid), home };
}

/** Makes the folders of a user that are not there, as their own. */
export function* makeFolders(
  folders: readonly string[],
  owner: Owner,
  host: string,
): Planning<readonly RunStep[]> {
  const wanted = [...new Set(folders)].filter((folder) => folder.startsWith(`${owner.home}/`));
  const missing = [];
  for (const folder of wanted) {
    const { exitCode } = yield* askHost(host, asUser(owner, "ls", "-d", "--", folder));
    if (exitCode !== 0) missing.push(folder);
  }
  if (missing.length === 0) return [];
  return [
    {
      kind: "run",
      id: "folders",
      title: `Make ${missing.join(" and ")} for ${owner.name}`,
      effect: "changes",
      host,
      command: asUser(owner, "mkdir", "-p", "--", ...missing),
      again: "safe",
      timeoutMs: 30_000,
    },
  ];
}
