import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { startDemo } from "../../src/demo/demo.ts";

/**
 * Hosts of the demo in a process of their own: `node crowd-hosts.ts COUNT FILE` starts them, writes their inventory to
 * the file, says so on stdout, and ends when stdin does.
 */
const [count = "", file = ""] = process.argv.slice(2);
const { inventory, close } = await startDemo({ story: "calm", hosts: Number(count) });
const hosts = [...inventory.hosts].map(([key, { name: _, protected: __, ...entry }]) => [key, entry]);
writeFileSync(file, stringify({ version: 1, hosts: Object.fromEntries(hosts) }), { mode: 0o600 });
process.stdout.write("ready\n");
process.stdin.resume().on("end", () => void close().then(() => process.exit()));
