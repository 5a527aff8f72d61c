import { setFlagsFromString } from "node:v8";
import { defaultSettings } from "../../src/settings/schema.ts";
import { createCleanup } from "./cleanup.ts";
import { openProduct } from "./product.ts";

/** The product without a screen, as a process of its own: `node holder.ts INVENTORY SSH_CONFIG` watches all hosts until it is killed. */
const [inventory = "", sshConfig = ""] = process.argv.slice(2);
// As main does for a process that stays.
setFlagsFromString("--optimize-for-size");
Buffer.poolSize = 4096;
const refreshMs = defaultSettings["watch.refreshSeconds"] * 1000;
const product = await openProduct({ inventory, sshConfig }, createCleanup(), refreshMs);
await product.observer.watch([...product.inventory.hosts.keys()], new AbortController().signal);
