import type { Output } from "../../src/command/command.ts";
import type { Recording } from "../recording.ts";

/** What a simulated host says on both outputs. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * As much of a POSIX shell as `src/transport/shell.ts` uses: variables, `echo`, the functions that it is taught. What was
 * recorded on a real host is answered by its exact words, and what changes there from `files` and the clock. It
 * starts nothing. Whatever it was never told about is not installed.
 */
export function createSimulatedShell(
  recordings: ReadonlyMap<string, Recording>,
  files: () => ReadonlyMap<string, string>,
): (line: string) => Said {
  let mark = "";
  let exitCode = 0;
  let isTaught = false;

  const runFunction = (text: string): string => {
    const [program, ...words] = text.split(" ");
    // Who may become root how; this one is root.
    if (text.startsWith("scrap_look sudo doas")) return "";
    if (program === "scrap_look" && words[0] !== "--") return recordings.get("look")?.output.stdout ?? "";
    const live = files();
    const isLive = program === "scrap_read" && words.slice(1).every((path) => live.has(path));
    return isLive ? readFiles(words.slice(1), live) : (recordings.get(text)?.output.stdout ?? "");
  };

  const runProgram = (text: string): Output => {
    const answer = (stdout: string) => ({ exitCode: 0, stdout, stderr: "" });
    if (/^timeout \S+ \S+ \S+ true$/.test(text)) return answer("");
    if (/^timeout \S+ \S+ \S+ date /.test(text)) return answer(`${(Date.now() / 1000).toFixed(9)}\n`);
    return recordings.get(text)?.output ?? { exitCode: 127, stdout: "", stderr: "sh: 1: not found\n" };
  };

  const run = (statement: string): Said => {
    const [, text = "", redirections = ""] = /^(.*?)((?: (?:<|2>)\/dev\/null| >&2)*)$/s.exec(statement) ?? [];
    const assigned = /^scrap_mark=(.*)$/.exec(text)?.[1];
    if (assigned !== undefined) mark = unquote(assigned);
    if (assigned !== undefined || /^(export|cd|umask) /.test(text)) return nothing;
    if (text.startsWith("echo ")) {
      const line = `${unquote(text.slice(5)).replace("$?", `${exitCode}`)}\n`;
      return redirections.includes(">&2") ? { stdout: "", stderr: line } : { stdout: line, stderr: "" };
    }
    if (text.startsWith("scrap_")) {
      const answer = runFunction(text);
      return { stdout: mark === "" ? answer : `${mark}\n${answer}${mark} 0\n`, stderr: "" };
    }
    const output = runProgram(text);
    exitCode = output.exitCode;
    return redirections.includes("2>") ? { ...output, stderr: "" } : output;
  };

  return (line) => {
    // The functions that it is taught are known to it.
    if (/^\w+\(\) \{$/.test(line)) isTaught = true;
    if (isTaught || line === "") {
      if (line === "}") isTaught = false;
      return nothing;
    }
    const said = toStatements(line).map(run);
    return {
      stdout: said.map(({ stdout }) => stdout).join(""),
      stderr: said.map(({ stderr }) => stderr).join(""),
    };
  };
}

const nothing: Said = { stdout: "", stderr: "" };

/** Split at semicolons, but not within quotes. */
const toStatements = (line: string): string[] =>
  (line.match(/(?:'[^']*'|"[^"]*"|[^;])+/g) ?? []).map((statement) => statement.trim()).filter(Boolean);

const unquote = (text: string) => text.replace(/['"]/g, "");

/** As `scrap_read` in `src/command/answers.ts`. */
const readFiles = (paths: readonly string[], files: ReadonlyMap<string, string>): string =>
  paths.map((path) => `=${path}\n${(files.get(path) ?? "").replace(/.*\n/g, ":$&")}`).join("");
