import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostNamed } from "../hosts.ts";
import { cut, start } from "../lifecycle.ts";
import { inNamespaceOf, unplug } from "../network.ts";
import { runDir, sourceDir } from "../paths.ts";
import { attempt, run, until } from "../shell.ts";
import type { Fault } from "./fault.ts";

const vps1 = hostNamed("vps1");
const vps2 = hostNamed("vps2");
const nas = hostNamed("nas");

const hole = `table inet scraplab {
  chain in { type filter hook input priority -300; policy drop; }
  chain out { type filter hook output priority -300; policy drop; }
}`;

const detour = `table ip scraplab {
  chain in { type nat hook prerouting priority -150; tcp dport 22 redirect to :2022; }
}`;

const relayPid = join(runDir, "slow-relay.pid");

const listensOn = async (port: number): Promise<boolean> =>
  (await run(inNamespaceOf(vps1, "ss", "-Hltn", `sport = :${port}`))) !== "";

/** New connections to port 22 take a detour through a relay in the host's network, which its processes cannot see. */
async function slowDown(): Promise<void> {
  const argv = inNamespaceOf(vps1, process.execPath, join(sourceDir, "slow-relay.ts"), "2022", "22", "1500");
  const relay = spawn(argv[0] ?? "", argv.slice(1), { detached: true, stdio: "ignore" });
  relay.unref();
  writeFileSync(relayPid, `${relay.pid}\n`);
  await until("the slow relay listens", 10, () => listensOn(2022));
  await run(inNamespaceOf(vps1, "nft", "-f", "-"), { input: detour });
}

async function speedUp(): Promise<void> {
  await attempt(inNamespaceOf(vps1, "nft", "delete", "table", "ip", "scraplab"));
  if (!existsSync(relayPid)) return;
  await attempt(["kill", readFileSync(relayPid, "utf8").trim()]);
  rmSync(relayPid);
}

export const reachabilityFaults: Fault[] = [
  {
    name: "host-down",
    host: "vps2",
    plays: "vps2 lost power: no route to it; pi behind it cannot be reached either",
    break: async () => {
      await cut(vps2);
      await unplug(vps2);
    },
    mend: () => start(vps2),
  },
  {
    name: "host-black-holed",
    host: "nas",
    plays: "packets from and to nas vanish: connections time out",
    break: () => run(inNamespaceOf(nas, "nft", "-f", "-"), { input: hole }),
    mend: () => run(inNamespaceOf(nas, "nft", "delete", "table", "inet", "scraplab")),
  },
  {
    name: "sshd-slow",
    host: "vps1",
    plays: "every answer of sshd comes 1.5 s late",
    break: slowDown,
    mend: speedUp,
  },
];
