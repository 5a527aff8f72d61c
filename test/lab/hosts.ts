export type Volume = {
  name: string;
  megabytes: number;
};

export type Host = {
  name: string;
  kind: "systemd" | "busybox" | "vm";
  suite: "bookworm" | "trixie";
  address: string;
  jump?: string;
  volumes: Volume[];
  about: string;
};

export const bridge = { name: "scraplab0", address: "10.77.0.1/24", network: "10.77.0.0/24" };

/** The link behind vps2: nothing but vps2 has an address on it. */
export const backLink = { from: "vps2", address: "10.78.0.1/24", network: "10.78.0.0/24" };

export const hosts: Host[] = [
  {
    name: "vps1",
    kind: "systemd",
    suite: "trixie",
    address: "10.77.0.11",
    volumes: [
      { name: "data-a", megabytes: 300 },
      { name: "data-b", megabytes: 300 },
      { name: "small", megabytes: 24 },
    ],
    about: "Debian 13: quadlets, a pod, rootless, Compose, btrfs",
  },
  {
    name: "vps2",
    kind: "systemd",
    suite: "bookworm",
    address: "10.77.0.12",
    volumes: [],
    about: "Debian 12: podman 4.3, docker 20.10; jump host of pi",
  },
  {
    name: "nas",
    kind: "systemd",
    suite: "bookworm",
    address: "10.77.0.13",
    volumes: [
      { name: "srv-a", megabytes: 400 },
      { name: "srv-b", megabytes: 400 },
    ],
    about: "Debian 12: btrfs RAID1, NUT, restic",
  },
  {
    name: "store",
    kind: "vm",
    suite: "trixie",
    address: "10.77.0.14",
    volumes: [
      { name: "tank-a", megabytes: 512 },
      { name: "tank-b", megabytes: 512 },
      { name: "md-a", megabytes: 256 },
      { name: "md-b", megabytes: 256 },
      { name: "sata", megabytes: 512 },
      { name: "nvme", megabytes: 512 },
    ],
    about: "Debian 13 with a kernel of its own: ZFS, mdadm, LVM, SMART",
  },
  {
    name: "pi",
    kind: "busybox",
    suite: "bookworm",
    address: "10.78.0.2",
    jump: "vps2",
    volumes: [],
    about: "BusyBox without systemd, only reachable through vps2",
  },
];

export function hostNamed(name: string): Host {
  const host = hosts.find((candidate) => candidate.name === name);
  if (!host)
    throw new Error(`no such host: ${name} (there are ${hosts.map((each) => each.name).join(", ")})`);
  return host;
}
