/**
 * Is there a newer kernel of the same flavour than the one that runs? Undefined where that cannot be told: a container
 * runs a kernel of somebody else, and some systems keep only the newest.
 */
export function isNewerInstalled(running: string, installed: readonly string[]): boolean | undefined {
  if (!installed.includes(running)) return undefined;
  const flavour = toFlavour(running);
  return installed.some((kernel) => toFlavour(kernel) === flavour && isNewer(kernel, running));
}

/** `6.1.0-18-amd64` and `6.12.107+deb13-amd64` are both `amd64`; `6.6.20+rpt-rpi-v8` is `rpi-v8`. */
function toFlavour(release: string): string {
  const parts = release.split("-");
  const first = parts.findIndex((part, at) => at > 0 && /^[a-z]/i.test(part) && !/^rc\d/.test(part));
  return first < 0 ? "" : parts.slice(first).join("-");
}

function isNewer(a: string, b: string): boolean {
  const left = toNumbers(a);
  const right = toNumbers(b);
  const at = left.findIndex((number, index) => number !== right[index]);
  return at >= 0 && (left[at] ?? 0) > (right[at] ?? -1);
}

function toNumbers(release: string): number[] {
  const flavour = toFlavour(release);
  const version = flavour === "" ? release : release.slice(0, -flavour.length);
  return version.match(/\d+/g)?.map(Number) ?? [];
}
