import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SimulatedHost } from "../state.ts";
import { quadletFolder } from "../workloads.ts";
import { offsite } from "./offsite.ts";
import { products, wordFeed } from "./products.ts";

/** What the owner changed here since it was put in place. */
const undeployed: Readonly<Record<string, (text: string) => string>> = {
  weather: (text) => text.replace("\n\n[Service]", "\nMemory=256m\n\n[Service]"),
};

/**
 * Puts what the owner of the homelab has on this machine into `folder`, and returns that: the files that services are put
 * in place from, and what their makers announce. They are real: upgrades change them, and so may who tries it.
 */
export function putOwnFiles(folder: string, hosts: readonly SimulatedHost[]): string {
  const put = (file: string, text: string, mode = 0o644) => {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), text, { mode });
  };
  put("offsite.password", `${offsite().password}\n`, 0o600);
  const there = new Map(hosts.flatMap(({ files }) => [...files]));
  for (const [name, product] of Object.entries(products)) {
    const { text = "" } = there.get(`${quadletFolder}/${name}.container`) ?? {};
    put(`${name}/${name}.container`, undeployed[name]?.(text) ?? text);
    put(`releases/${name}.atom`, wordFeed(product, new Date()));
  }
  return folder;
}
