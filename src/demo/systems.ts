import type { System } from "./state.ts";

const release = (version: string, name: string, full: string): readonly string[] => [
  `PRETTY_NAME="Debian GNU/Linux ${version} (${name})"`,
  'NAME="Debian GNU/Linux"',
  `VERSION_ID="${version}"`,
  `VERSION="${version} (${name})"`,
  `VERSION_CODENAME=${name}`,
  `DEBIAN_VERSION_FULL=${full}`,
  "ID=debian",
  'HOME_URL="https://www.debian.org/"',
  'SUPPORT_URL="https://www.debian.org/support"',
  'BUG_REPORT_URL="https://bugs.debian.org/"',
];

/** The system that the answers were recorded on. */
export const debian: System = {
  osRelease: release("13", "trixie", "13.7"),
  kernel: "6.12.107+deb13-amd64",
  architecture: "x86_64",
  systemd: "257.13-1~deb13u1",
  podman: "5.4.2",
  docker: "26.1.5+dfsg1, build a72d7cd",
  compose: "2.26.1-4",
};

/** The same on a Raspberry Pi. */
export const debianOnPi: System = { ...debian, kernel: "6.12.47+rpt-rpi-v8", architecture: "aarch64" };
