import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseFiles, parseLook, shellFunctions } from "../../src/command/answers.ts";
import { type Question, toShell } from "../../src/command/command.ts";
import { type Bench, createBench, hasProgram } from "./sshd.ts";

const shells = [
  ["sh"],
  ["dash"],
  ["bash", "--posix"],
  ["bash"],
  ["busybox", "ash"],
  ["ksh"],
  ["mksh"],
  ["yash"],
  ["zsh"],
];

/** What the fast shell answers with, in every shell that may be behind /bin/sh. */
describe.each(
  shells.filter(([program = ""]) => hasProgram(program)).map((words) => [words.join(" "), words] as const),
)("%s", (_name, [program = "", ...words]) => {
  let bench: Bench;

  beforeAll(() => {
    bench = createBench();
    mkdirSync(bench.path("folder"));
    bench.write("folder/a b", "one\ntwo\nthree\n");
    bench.write("folder/last", "no newline at the end");
    bench.write("folder/empty", "");
    bench.write("folder/odd", ":=/x\n=/etc/passwd\n  blanks  \n\\n \\\\ $HOME `id` *\n\n'\"\n");
    writeFileSync(bench.path("folder/secret"), "hidden\n");
    chmodSync(bench.path("folder/secret"), 0o000);
    bench.write("tool", "");
    chmodSync(bench.path("tool"), 0o755);
  });

  afterAll(() => bench.remove());

  const ask = (question: Question, before = "") =>
    execFileSync(program, [...words, "-s"], {
      input: `${shellFunctions}\n${before}${toShell(question)}\n`,
      encoding: "utf8",
      env: { ...process.env, PATH: `/nowhere:${bench.folder}:${process.env["PATH"]}` },
    });

  it("reads files as they are, and leaves out what cannot be read", () => {
    const names = ["a b", "last", "empty", "odd", "not there", "secret", "x*z"];
    const files = parseFiles(ask({ files: names.map((name) => bench.path(`folder/${name}`)) }));
    const read = (name: string) => files.get(bench.path(`folder/${name}`));
    expect(read("a b")).toBe("one\ntwo\nthree\n");
    expect(read("last")).toBe("no newline at the end\n");
    expect(read("empty")).toBe("");
    expect(read("odd")).toBe(bench.read("folder/odd"));
    expect(read("not there")).toBeUndefined();
    expect(read("x*z")).toBeUndefined();
    if (userInfo().uid !== 0) expect(read("secret")).toBeUndefined();
  });

  it("reads only so many lines, of each", () => {
    const files = parseFiles(ask({ files: [bench.path("folder/a*"), bench.path("folder/odd")], lines: 2 }));
    expect([...files.values()]).toEqual(["one\ntwo\n", ":=/x\n=/etc/passwd\n"]);
  });

  it("resolves stars, and takes a folder for an empty file", () => {
    const files = parseFiles(ask({ files: [bench.path("fol*")] }));
    expect([...files]).toEqual([[bench.path("folder"), ""]]);
  });

  it("finds programs and paths, and starts none", () => {
    const found = parseLook(
      ask({
        programs: ["tool", "sh", "not-there", "folder", "-x"],
        paths: [bench.path("folder/a*"), bench.path("x*z"), bench.path("tool"), "/nowhere"],
      }),
    );
    expect([...found.programs.keys()]).toEqual(["tool", "sh"]);
    expect(found.programs.get("tool")).toBe(bench.path("tool"));
    expect([...found.paths]).toEqual([bench.path("folder/a b"), bench.path("tool")]);
  });

  it("answers nothing to nothing", () => {
    expect(ask({ files: [] })).toBe("");
    expect(ask({ programs: [], paths: [] })).toBe("");
  });

  it("frames an answer when there is a mark, also an empty one", () => {
    expect(ask({ programs: [], paths: ["/"] }, "scrap_mark=here\n")).toBe("here\n/\nhere 0\n");
    expect(ask({ files: ["/nowhere"] }, "scrap_mark=here\n")).toBe("here\nhere 0\n");
  });
});
