import { quote } from "../../src/command/command.ts";
import type { Machine } from "../../src/demo/machine.ts";
import type { Recording } from "../recording.ts";

/**
 * A machine that answers from what was recorded on a real host, by its exact words, and what changes there from `files`
 * and the clock. Whatever was never recorded is not installed.
 */
export function createRecordedMachine(
  recordings: ReadonlyMap<string, Recording>,
  files: () => ReadonlyMap<string, string>,
): Machine {
  return {
    call: (name, args) => {
      const words = args.map(({ text }) => text);
      // Who may become root how; this one is root.
      if (name === "scrap_look" && words.slice(0, 2).join(" ") === "sudo doas") return "";
      if (name === "scrap_look" && words[0] !== "--") return recordings.get("look")?.output.stdout ?? "";
      const live = files();
      if (name === "scrap_read" && words.slice(1).every((path) => live.has(path)))
        return readFiles(words.slice(1), live);
      const text = [name, ...args.map((word) => (word.isPattern ? word.text : quote(word.text)))].join(" ");
      return recordings.get(text)?.output.stdout ?? "";
    },
    run: (argv) => {
      const text = argv.map(quote).join(" ");
      const answer = (stdout: string) => ({ exitCode: 0, stdout, stderr: "" });
      if (/^timeout \S+ \S+ \S+ true$/.test(text)) return answer("");
      if (/^timeout \S+ \S+ \S+ date /.test(text)) return answer(`${(Date.now() / 1000).toFixed(9)}\n`);
      return recordings.get(text)?.output ?? { exitCode: 127, stdout: "", stderr: "sh: 1: not found\n" };
    },
  };
}

/** As `scrap_read` in `src/command/answers.ts`. */
const readFiles = (paths: readonly string[], files: ReadonlyMap<string, string>): string =>
  paths.map((path) => `=${path}\n${(files.get(path) ?? "").replace(/.*\n/g, ":$&")}`).join("");
