import { splitWords } from "./shell-words.ts";

/** What an OpenSSH configuration names. */
export interface SshNames {
  readonly names: readonly SshName[];
  /** As they were written: with `~` and `*`. */
  readonly includes: readonly string[];
}

export interface SshName {
  readonly name: string;
  readonly line: number;
  /** One logs in as `git` there: no machine of ours. */
  readonly isForge: boolean;
}

/** Reads the names of `Host` lines, but for patterns, and the `Include` lines. Format: ssh_config(5). */
export function parseSshConfig(text: string): SshNames {
  const blocks: { names: string[]; line: number; isForge: boolean }[] = [];
  const includes: string[] = [];
  let block: (typeof blocks)[number] | undefined;
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const [, keyword = "", rest = ""] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(whole) ?? [];
    const words = splitWords(rest, { comments: true }) ?? [];
    switch (keyword.toLowerCase()) {
      case "host":
        block = { names: words.filter((word) => !/[*?!]/.test(word)), line: index + 1, isForge: false };
        blocks.push(block);
        break;
      case "match":
        block = undefined;
        break;
      case "user":
        if (block !== undefined && words[0] === "git") block.isForge = true;
        break;
      case "include":
        includes.push(...words);
        break;
    }
  }
  const names = blocks.flatMap(({ names, line, isForge }) => names.map((name) => ({ name, line, isForge })));
  return { names, includes };
}
