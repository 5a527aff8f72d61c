import * as z from "zod";
import type { User } from "../../../command/command.ts";
import { CommandFailed } from "../../../errors.ts";
import { askHosts } from "../../../plan/planning.ts";
import { failureOf, parseJson } from "../../parse.ts";
import type { AutoUpdate, ImageVerbs } from "../../verbs.ts";
import { run } from "./probes.ts";

/** What its rounds did is in the journal of the unit that makes them, as the table that podman prints. */
const recently = ["--since=-30d", "--output=cat", "--no-pager", "--lines=2000"];

const entries = z.array(
  z.object({
    Unit: z.string(),
    ContainerName: z.string(),
    Image: z.string(),
    Policy: z.string(),
    Updated: z.string(),
  }),
);

/** Asks registries for what is new, and pulls nothing. */
export const autoUpdates: NonNullable<ImageVerbs["autoUpdates"]> = function* (host, user) {
  const scope = user ? { user } : {};
  const dryRun = run(scope, "podman", "auto-update", "--dry-run", "--format", "json");
  const [pending, log] = yield* askHosts([
    { host, command: { ...dryRun, timeoutMs: 60_000 } },
    { host, command: journalOf(user) },
  ]);
  if (!pending || !log) throw new TypeError("Two questions have two answers.");
  // One container with the label and without a unit makes it 125, though the others are answered.
  const isAnswered = pending.exitCode === 0 || (pending.exitCode === 125 && pending.stdout.trim() !== "");
  if (!isAnswered) throw new CommandFailed(`podman auto-update on ${host}: ${failureOf(pending)}`);
  // Nothing at all is what it says when no container has a policy.
  const listed = pending.stdout.trim() === "" ? [] : parseJson(pending.stdout, entries);
  const claims = claimsIn(log.stdout);
  const now = listed.map(
    ({ Unit, ContainerName, Image, Policy, Updated }): AutoUpdate => ({
      unit: Unit,
      container: ContainerName,
      image: Image,
      policy: Policy,
      isPending: Updated === "pending",
      ...(claims.get(Unit) === undefined ? {} : { lastClaim: claims.get(Unit) as string }),
    }),
  );
  // What does not run at the moment is not listed: it may be what the last round broke.
  const gone = [...claims].filter(([unit]) => !now.some((each) => each.unit === unit));
  return [...now, ...gone.map(([unit, lastClaim]): AutoUpdate => ({ unit, lastClaim, isPending: false }))];
};

const journalOf = (user: User | undefined) =>
  user
    ? run({ user }, "journalctl", "--user", "--unit=podman-auto-update.service", ...recently)
    : { argv: ["journalctl", "--unit=podman-auto-update.service", ...recently] as const, asRoot: true };

/** `UNIT  CONTAINER  IMAGE  POLICY  UPDATED`, where the container is `0123456789ab (name)`: the last word on each unit but `false`. */
function claimsIn(log: string): ReadonlyMap<string, string> {
  const rows = log.matchAll(
    /^\s*(\S+\.service)\s+[0-9a-f]{12} \(\S+\)\s+\S+\s+\S+\s+(true|failed|rolled back)\s*$/gm,
  );
  return new Map([...rows].map(([, unit = "", claim = ""]) => [unit, claim]));
}
