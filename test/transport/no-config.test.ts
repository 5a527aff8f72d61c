import { execFileSync } from "node:child_process";
import { userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import type { Host } from "../../src/inventory/host.ts";
import { readEffectiveConfig } from "../../src/transport/effective-config.ts";
import { toSshArguments } from "../../src/transport/ssh-arguments.ts";
import { aHost, hasProgram } from "./sshd.ts";

/** What the transport reads of a configuration, but for what is off when it is absent. */
const keywords = [
  "hostname",
  "port",
  "user",
  "identityfile",
  "identitiesonly",
  "identityagent",
  "userknownhostsfile",
  "globalknownhostsfile",
  "hostkeyalias",
  "proxycommand",
  "revokedhostkeys",
  "certificatefile",
];

const hosts: readonly Partial<Host>[] = [
  {},
  { address: "NAS.Example.org", port: 2222, user: "ops", identityFile: process.execPath },
];

/** Some paths are told with `~`, others without. */
const fromHome = (value: string) => value.replaceAll("~/", `${userInfo().homedir}/`);

describe.skipIf(!hasProgram("ssh"))("without a configuration", () => {
  it.each(hosts)("a host is what ssh itself would make of it: %o", async (more) => {
    const host = aHost("nas", { ...more, sshConfig: "none" });
    const asked = execFileSync("ssh", ["-G", "-T", ...toSshArguments(host, undefined, undefined)], {
      encoding: "utf8",
    });
    const config = await readEffectiveConfig(host);
    for (const keyword of keywords) {
      const theirs = [...asked.matchAll(new RegExp(`^${keyword} (.*)$`, "gm"))].map(
        ([, value = ""]) => value,
      );
      const ours = keyword === "port" || keyword === "user" ? [`${config[keyword]}`] : config.all(keyword);
      // Some versions still look for keys of kinds that are gone.
      expect(theirs.filter((value) => !/id_(?:dsa|xmss)$/.test(value)).map(fromHome), keyword).toEqual(
        ours.map(fromHome),
      );
    }
  });
});
