import { splitWords } from "./shell-words.ts";

/** What of `ansible_ssh_common_args` has a place here. */
export interface SshArguments {
  readonly jump?: string;
  readonly sshConfig?: string;
  /** What has none, and changes how the host is reached. */
  readonly leftOut: readonly string[];
}

/** Reads `-J`, `-F`, `-o ProxyJump=…` and a ProxyCommand that is only `ssh -W`. Nothing of it is ever executed. */
export function parseSshArguments(text: string): SshArguments {
  const words = splitWords(text);
  if (words === undefined) return { leftOut: [text] };
  const leftOut: string[] = [];
  let jump: string | undefined;
  let sshConfig: string | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const [, letter, joined] = /^-([JFo])(.*)$/s.exec(word) ?? [];
    const value = joined || (letter === undefined ? "" : (words[++i] ?? ""));
    if (letter === "J") jump = value;
    else if (letter === "F") sshConfig = value;
    else if (letter === "o") {
      const [, keyword = "", setting = ""] = /^\s*(\w+)\s*[=\s]\s*(.*)$/s.exec(value) ?? [];
      const through = toJump(keyword.toLowerCase(), setting);
      if (through !== undefined) jump = through;
      else if (!/^(?:Control|ServerAlive)/i.test(keyword)) leftOut.push(`-o ${value}`);
    } else leftOut.push(word);
  }
  return {
    leftOut,
    ...(jump === undefined ? {} : { jump }),
    ...(sshConfig === undefined ? {} : { sshConfig }),
  };
}

function toJump(keyword: string, setting: string): string | undefined {
  if (keyword === "proxyjump") return setting;
  if (keyword !== "proxycommand") return undefined;
  const [program, ...rest] = splitWords(setting) ?? [];
  if (program !== "ssh") return undefined;
  const words = rest.filter((word) => word !== "-q");
  const tunnel = words.indexOf("-W");
  if (tunnel < 0 || words[tunnel + 1] !== "%h:%p") return undefined;
  words.splice(tunnel, 2);
  const port = words.indexOf("-p");
  const [number] = port < 0 ? [] : words.splice(port, 2).slice(1);
  const [destination, ...others] = words;
  if (destination === undefined || destination.startsWith("-") || others.length > 0) return undefined;
  return number === undefined ? destination : `${destination}:${number}`;
}
