import type { Command } from "../../../command/command.ts";
import type { LogOptions } from "../../contract.ts";
import type { Resource } from "../../resource.ts";

/** The journal of a unit, or of what a timer starts. A user's may not be theirs to read, so root reads it. */
export function logs(resource: Resource, { follow, lines, since }: LogOptions): Command | undefined {
  const { kind, name, owner } = resource;
  if (kind !== "unit" && kind !== "timer") return undefined;
  const unit = kind === "timer" ? resource.details.activates : name;
  if (unit === "") return undefined;
  const options = [
    "-o",
    "short-iso",
    "--no-pager",
    "-n",
    `${lines}`,
    ...(follow ? ["-f"] : []),
    ...(since === undefined ? [] : [`--since=${toJournalTime(since)}`]),
  ];
  const which = owner
    ? [
        ...[`_SYSTEMD_USER_UNIT=${unit}`, `_UID=${owner.uid}`, "+"],
        ...[`USER_UNIT=${unit}`, `_UID=${owner.uid}`],
      ]
    : [`--unit=${unit}`];
  return { argv: ["journalctl", ...options, ...which], asRoot: true };
}

/** journalctl understands RFC 3339 only since 255; this form, every version does. */
function toJournalTime(since: string): string {
  const time = new Date(since);
  return Number.isNaN(time.getTime()) ? since : `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
