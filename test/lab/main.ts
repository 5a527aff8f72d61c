import { spawnSync } from "node:child_process";
import { breakIt, faults, forgetFaultsOf, mendIt, presentFaults } from "./faults.ts";
import { hostNamed, hosts } from "./hosts.ts";
import { down, isUp, up, whatIsWrong } from "./lifecycle.ts";
import { say } from "./shell.ts";
import { sshArgv } from "./ssh-access.ts";

const { SCRAP_LAB_VM } = process.env;

const usage = `usage: node test/lab/main.ts COMMAND
  up [--no-vm] [HOST…]   start the lab, or these hosts
  down [HOST…]           stop everything and remove every trace but the cache
  status                 which hosts are up, and are they well
  ssh [USER@]HOST [CMD…]
  faults                 what can be broken
  break FAULT            break it
  mend FAULT|all         and make it well again`;

async function status(): Promise<void> {
  for (const host of hosts) {
    const state = isUp(host) ? (await whatIsWrong(host)) || "running" : "off";
    console.log(`${host.name.padEnd(6)} ${host.address.padEnd(11)} ${state.padEnd(8)} ${host.about}`);
  }
}

function listFaults(): void {
  const present = presentFaults();
  for (const { name, host, plays } of faults) {
    console.log(`${present.includes(name) ? "!" : " "} ${name.padEnd(22)} ${host.padEnd(6)} ${plays}`);
  }
}

/** `all` stands for every fault that is there. */
async function mend(name: string): Promise<void> {
  for (const each of name === "all" ? presentFaults() : [name]) {
    const { host } = await mendIt(each);
    const wrong = await whatIsWrong(hostNamed(host));
    if (wrong) throw new Error(`${each} is mended, but ${host} is not well: ${wrong}`);
    say(`${each} is mended, ${host} is well`);
  }
}

async function main([command, ...words]: string[]): Promise<number> {
  if (command === "up") {
    const withoutVm = words.includes("--no-vm") || SCRAP_LAB_VM === "off";
    const names = words.filter((word) => !word.startsWith("--"));
    const wanted =
      names.length > 0 ? names.map(hostNamed) : hosts.filter((host) => !(withoutVm && host.kind === "vm"));
    await up(wanted);
    say("the lab is up");
  } else if (command === "down") {
    const unwanted = words.length > 0 ? words.map(hostNamed) : hosts;
    await down(unwanted);
    for (const { name } of unwanted) forgetFaultsOf(name);
    say(`down: ${words.join(" ") || "the whole lab"}`);
  } else if (command === "status") {
    await status();
  } else if (command === "ssh" && words.length > 0) {
    const [file = "", ...args] = sshArgv(words[0] ?? "", ...words.slice(1));
    return spawnSync(file, args, { stdio: "inherit" }).status ?? 255;
  } else if (command === "faults") {
    listFaults();
  } else if (command === "break" && words[0]) {
    const { host, plays } = await breakIt(words[0]);
    say(`${host}: ${plays}`);
  } else if (command === "mend" && words[0]) {
    await mend(words[0]);
  } else {
    console.error(usage);
    return 2;
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
