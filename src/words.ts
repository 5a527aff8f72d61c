/** `6 s`, `14 min`, `30 h`, `3 d`: one unit, as one would say it. What is past is `toAge`'s or `toDue`'s to word. */
export function toDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h`;
  return `${Math.floor(hours / 24)} d`;
}

/** `2 d 23 h`, `3 h 12 min`: two units, for what is counted. */
export function toLongDuration(ms: number): string {
  const at = spans.findIndex(([factor]) => ms >= factor);
  const [factor, unit] = spans[at] ?? [1000, "s"];
  const [nextFactor, nextUnit] = spans[at + 1] ?? [0, ""];
  const whole = Math.floor(ms / factor);
  const rest = at < 0 || nextFactor < 1000 ? 0 : Math.floor((ms % factor) / nextFactor);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${nextUnit}`;
}

const spans = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
] as const;

/** A time that somebody chose: `1 d`, `90 min`. Exact, in the largest unit that fits. */
export function toSpan(ms: number): string {
  const [factor, unit] = spans.find(([each]) => ms % each === 0) ?? [1, "ms"];
  return `${ms / factor} ${unit}`;
}

/** How long ago; `now` when it is fresh. */
export function toAge(at: Date | undefined, now: Date): string {
  if (!at) return "never";
  const ms = now.getTime() - at.getTime();
  return ms < 10_000 ? "now" : `${toDuration(ms)} ago`;
}

/** When something is to happen: `in 5 min`, or `5 min ago, overdue`. */
export function toDue(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  if (ms >= 0) return `in ${toDuration(ms)}`;
  // What we know may be that old: it is about to begin, or just did.
  return ms > -120_000 ? "now" : `${toDuration(-ms)} ago, overdue`;
}

const units = ["B", "K", "M", "G", "T", "P"];

/** `iec` counts in 1024, as `df -h` does, `si` in 1000, as `df -H` and the makers of disks do. */
export type Units = "iec" | "si";

/** `1.4G`. */
export function toSize(bytes: number | undefined, counting: Units = "iec"): string {
  const step = counting === "iec" ? 1024 : 1000;
  if (bytes === undefined) return "";
  let value = bytes;
  let unit = 0;
  while (value >= step && unit < units.length - 1) {
    value /= step;
    unit += 1;
  }
  return unit === 0 || value >= 10
    ? `${Math.round(value)}${units[unit]}`
    : `${value.toFixed(1)}${units[unit]}`;
}

export const toPercent = (ratio: number | undefined): string =>
  ratio === undefined ? "" : `${Math.round(ratio * 100)}%`;

export const toOneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** A message about a host, for where the host's name stands already: `nas (10.0.0.4:22): refused` says it twice. */
export function withoutName(message: string, name: string): string {
  if (!message.startsWith(name)) return message;
  const [, address, colon = "", rest = ""] =
    /^(?: \(([^)]*)\))?(:)? (.*)$/s.exec(message.slice(name.length)) ?? [];
  if (rest === "") return message;
  return address === undefined ? rest : `${address}${colon} ${rest}`;
}

const unitNames = /(Bytes|Ms|Ratio|Celsius|Hours|At)$/;

/** `power on` of `powerOnHours`: the unit goes with the value. */
export const sayDetailName = (name: string): string =>
  name.replace(unitNames, "").replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A detail of a thing, by the unit in its name. Undefined where there is nothing to say. */
export function sayDetail(name: string, value: unknown, counting: Units = "iec"): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return sayNumber(unitNames.exec(name)?.[1], value, counting);
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((item) => sayItem(item, counting)).join(", ");
  return isProgress(value) ? sayProgress(value) : undefined;
}

function sayNumber(unit: string | undefined, value: number, counting: Units): string {
  switch (unit) {
    case "Bytes":
      return toSize(value, counting);
    case "Ms":
      return toDuration(value);
    case "Ratio":
      return toPercent(value);
    case "Celsius":
      return `${Math.round(value)} °C`;
    case "Hours":
      return `${value} h`;
    default:
      return `${value}`;
  }
}

function sayItem(item: unknown, counting: Units): string {
  if (typeof item !== "object" || item === null) return String(item);
  const { name, device, label, state, running, total, errors, celsius, usedBytes } = item as Record<
    string,
    unknown
  >;
  const of = running === undefined ? state : `${running}/${total}`;
  return [
    name ?? device ?? label,
    of,
    errors ? `${errors} errors` : undefined,
    sayDetail("Celsius", celsius),
    sayDetail("Bytes", usedBytes, counting),
  ]
    .filter((word) => word !== undefined)
    .join(" ");
}

interface Progress {
  readonly doing: string;
  readonly ratio: number;
  readonly leftMs?: number;
}

const isProgress = (value: object): value is Progress => "doing" in value;

/** `scrubbing 40%, 6 min left`. */
export function sayProgress({ doing, ratio, leftMs }: Progress): string {
  const left = leftMs === undefined ? "" : `, ${toDuration(leftMs)} left`;
  return `${doing} ${toPercent(ratio)}${left}`;
}
