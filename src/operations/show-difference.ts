import { unifiedDiff } from "./unified-diff.ts";

/** False for a file that by its name or mode holds secrets: nothing of it is read, shown, or kept in a journal. */
export function mayBeShown(path: string, mode: string): boolean {
  const isForAll = (Number.parseInt(mode, 8) & 0o004) !== 0;
  return isForAll && !isSecret(path);
}

/** What a change makes of a file, without values that by their name are secret. */
export const showDifference = (before: string, after: string): readonly string[] =>
  toShown(unifiedDiff(before, after));

/** Lines that are shown and kept, without such values. */
export const toShown = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => hideValues(line.replaceAll(/[^\P{Cc}\t]/gu, "�")));

const isSecret = (name: string) =>
  /(?:^|[/.])env$|\.env\.|secret|passw|credential|token|\.(?:key|pem|p12|pfx|age|gpg|kdbx|vault)$/i.test(
    name,
  );

/** `DB_PASSWORD=…`, `Environment=API_TOKEN=…`, `password: …`, `--password …` */
const hideValues = (line: string): string =>
  line.replace(
    /([\w-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|credential)[\w-]*["']?[ \t]*[=:][ \t]*)(?!\s*$)\S.*$/i,
    "$1…",
  );
