import type { Answer } from "./answers/tool.ts";
import type { Machine } from "./machine.ts";
import { parseLine, type Statement, type Word } from "./shell-words.ts";

/** What a shell says on both outputs, and the exit code of the last command. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** Of a command that goes on. */
  readonly follow?: Answer["follow"];
}

/**
 * As much of a POSIX shell as a client of ours uses: variables, `echo`, programs, and the functions that it is taught.
 * It starts nothing. Whatever it does not know is not found.
 */
export function createSimulatedShell(machine: Machine): (line: string) => Said {
  const taught = new Set<string>();
  const variables = new Map<string, string>();
  let open = "";
  let isTeaching = false;
  let exitCode = 0;

  let piped: string | undefined;

  const run = ({ words, stdoutTo, stderrTo, isPiped }: Statement): Said => {
    const answer = runWords(words, piped);
    exitCode = answer.exitCode;
    piped = isPiped ? answer.stdout : undefined;
    if (isPiped) return { ...answer, stdout: "" };
    const stdout = stdoutTo === "stdout" ? answer.stdout : "";
    const stderr =
      (stderrTo === "stderr" ? answer.stderr : "") + (stdoutTo === "stderr" ? answer.stdout : "");
    return { ...answer, stdout, stderr };
  };

  const runWords = (words: readonly Word[], input: string | undefined): Answer => {
    const texts = words.map(({ text }) => text);
    const [name = "", ...args] = texts;
    const assigned = /^(\w+)=(.*)$/s.exec(name);
    if (assigned && words.length === 1) {
      variables.set(assigned[1] ?? "", assigned[2] ?? "");
      return { exitCode: 0, stdout: "", stderr: "" };
    }
    if (["export", "cd", "umask"].includes(name)) return { exitCode: 0, stdout: "", stderr: "" };
    if (name === "echo")
      return { exitCode: 0, stdout: `${args.join(" ").replaceAll("$?", `${exitCode}`)}\n`, stderr: "" };
    if (taught.has(name)) {
      const mark = variables.get("scrap_mark") ?? "";
      const said = machine.call(name, words.slice(1));
      return { exitCode: 0, stdout: mark === "" ? said : `${mark}\n${said}${mark} 0\n`, stderr: "" };
    }
    if (name === "printf" && args[0] === "%s") return { exitCode: 0, stdout: args[1] ?? "", stderr: "" };
    return machine.run(texts, input);
  };

  return (line) => {
    const text = open === "" ? line : `${open}\n${line}`;
    const definition = open === "" ? /^(\w+)\(\) \{$/.exec(line) : null;
    if (definition) isTeaching = true;
    if (definition?.[1] !== undefined) taught.add(definition[1]);
    if (isTeaching) {
      if (line === "}") isTeaching = false;
      return { stdout: "", stderr: "", exitCode };
    }
    const statements = parseLine(text);
    open = statements ? "" : text;
    const said = (statements ?? []).map(run);
    const last = said.at(-1)?.follow;
    return {
      stdout: said.map(({ stdout }) => stdout).join(""),
      stderr: said.map(({ stderr }) => stderr).join(""),
      exitCode,
      ...(last ? { follow: last } : {}),
    };
  };
}
