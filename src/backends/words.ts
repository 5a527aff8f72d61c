/** `42 s`, `14 min`, `3 h`, `5 d`: one unit, the one a person would choose. */
export function sayDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** `1.2 GiB`: binary units, one digit behind the point where there is room for it. */
export function sayBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** `97 %`: rounded down, so that 100 % is all of it. */
export const sayRatio = (ratio: number): string => `${Math.floor(ratio * 100)} %`;

/** `1 disk`, `2 disks`. */
export const sayCount = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count} ${count === 1 ? singular : plural}`;
