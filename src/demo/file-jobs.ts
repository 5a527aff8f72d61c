import type { SimulatedHost, StoredFile } from "./state.ts";

/** What our scripts do with files, when the host is theirs. Each keeps what it finds, once. */
interface Of {
  readonly operation: string;
  readonly step: string;
  readonly path: string;
}

export function uploadFile(host: SimulatedHost, of: Of, { text, mode, owner }: StoredFile): void {
  keep(host, of);
  host.files.set(of.path, {
    text,
    mode: mode.replace(/^0+/, ""),
    owner: owner === "root:root" ? "0:0" : owner,
  });
}

export function takeFileAway(host: SimulatedHost, of: Of): void {
  keep(host, of);
  host.files.delete(of.path);
}

/** False where nobody kept what was there. */
export function putFileBack(host: SimulatedHost, { operation, step, path }: Of): boolean {
  const key = `${operation}/${step}`;
  if (!host.kept.has(key)) return false;
  const was = host.kept.get(key);
  if (was) host.files.set(path, was);
  else host.files.delete(path);
  return true;
}

function keep({ kept, files }: SimulatedHost, { operation, step, path }: Of): void {
  const key = `${operation}/${step}`;
  if (!kept.has(key)) kept.set(key, files.get(path));
}
