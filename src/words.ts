/** `3d 4h`, `14 min`, `6 s`: the two largest units at most, as one would say it. */
export function toDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h`;
  return `${Math.floor(hours / 24)} d`;
}

/** How long ago; `now` when it is fresh. */
export function toAge(at: Date | undefined, now: Date): string {
  if (!at) return "never";
  const ms = now.getTime() - at.getTime();
  return ms < 10_000 ? "now" : `${toDuration(ms)} ago`;
}

const units = ["B", "K", "M", "G", "T", "P"];

/** `1.4G`, with powers of 1024, as `df -h` and `free -h` do. */
export function toSize(bytes: number | undefined): string {
  if (bytes === undefined) return "";
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 || value >= 10
    ? `${Math.round(value)}${units[unit]}`
    : `${value.toFixed(1)}${units[unit]}`;
}

export const toPercent = (ratio: number | undefined): string =>
  ratio === undefined ? "" : `${Math.round(ratio * 100)}%`;
