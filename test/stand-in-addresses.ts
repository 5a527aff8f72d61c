/** Addresses that tell nothing: of documentation, of the host itself, masks, and those that `toIpv4` makes of short ones. */
export function isHarmlessIpv4(address: string): boolean {
  return (
    address.split(".").some((part) => Number(part) > 255) ||
    /^(192\.0\.2|198\.51\.100|203\.0\.113|127\.\d+\.\d+|0\.0\.0|255\.\d+\.\d+)\./.test(address)
  );
}

export const isHarmlessIpv6 = (address: string): boolean =>
  /^(::1?|2001:db8:.*|::ffff)$/i.test(address) || !/\d/.test(address);

/** RFC 7042 keeps 00-00-5E-00-53-xx for documentation. */
export const isHarmlessMac = (address: string): boolean =>
  /^(00:00:5e:00:53:..|00:00:00:00:00:00|ff:ff:ff:ff:ff:ff)$/i.test(address);

/** An address of RFC 5737, as long as the original where there is one, with its last part where that is free. */
export function toIpv4(original: string, taken: ReadonlySet<string>): string {
  const [network, digits] =
    original.length < 9
      ? ["192.0.2.", 1]
      : original.length <= 11
        ? ["192.0.2.", original.length - 8]
        : ["198.51.100.", Math.min(original.length - 11, 3)];
  const [low = 1, high = 254] = [[], [1, 9], [10, 99], [100, 254]][digits] ?? [];
  const wanted = Number(original.split(".").at(-1));
  for (let step = 0; step <= high - low; step++) {
    const address = `${network}${low + ((Math.max(wanted - low, 0) + step) % (high - low + 1))}`;
    if (!taken.has(address)) return address;
  }
  throw new Error(`There are not enough addresses of documentation as long as ${original}.`);
}

export function toIpv6(original: string, noise: Uint8Array): string {
  const hex = [...noise].map((byte) => ((byte % 15) + 1).toString(16)).join("");
  const wanted = Math.max(original.length - "2001:db8::".length, 1);
  return `2001:db8::${hex
    .slice(0, Math.min(wanted, 19))
    .replace(/(.{4})(?=.)/g, "$1:")
    .slice(0, wanted)
    .replace(/:$/, "1")}`;
}

export const toMac = (noise: Uint8Array): string =>
  `00:00:5e:00:53:${(noise[0] ?? 0).toString(16).padStart(2, "0")}`;
