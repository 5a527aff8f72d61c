import { expect, it } from "vitest";
import { renderTemplate } from "../../src/demo/answers/go-template.ts";
import { createFileTree } from "../../src/demo/file-tree.ts";
import { createSimulatedShell } from "../../src/demo/shell.ts";
import { parseLine } from "../../src/demo/shell-words.ts";

const wordsOf = (line: string) => parseLine(line)?.map(({ words }) => words.map(({ text }) => text));

it("reads words as a POSIX shell does", () => {
  expect(wordsOf("echo a''b 'c d' \"e f\" g\\ h 'it'\\''s'; true")).toEqual([
    ["echo", "ab", "c d", "e f", "g h", "it's"],
    ["true"],
  ]);
  expect(wordsOf("date '+%s; rm' </dev/null 2>/dev/null # nothing")).toEqual([["date", "+%s; rm"]]);
  expect(wordsOf("echo 'a\nb'")).toEqual([["echo", "a\nb"]]);
  expect(parseLine("echo 'open")).toBeUndefined();
  expect(parseLine("ls a* 'b*'")?.[0]?.words.map(({ isPattern }) => isPattern)).toEqual([false, true, false]);
});

it("answers in a frame, knows the exit code, and nothing that it was never taught", () => {
  const shell = createSimulatedShell({
    run: (argv) => ({ exitCode: argv[0] === "yes" ? 0 : 127, stdout: `${argv.join("|")}\n`, stderr: "no\n" }),
    call: (name, args) => `${name} ${args.length}\n`,
  });
  expect(shell("scrap_look a -- b").stdout).toBe("scrap_look|a|--|b\n");
  for (const line of ["scrap_look() {", "echo not now", "}"]) expect(shell(line).stdout).toBe("");
  expect(shell("scrap_mark=1''2; scrap_look a -- b </dev/null 2>/dev/null; scrap_mark=").stdout).toBe(
    "12\nscrap_look 3\n12 0\n",
  );
  expect(shell("echo 3''4; other 'x y' </dev/null; echo 3''4 $?; echo 3''4 >&2")).toMatchObject({
    stdout: "34\nother|x y\n34 127\n",
    stderr: "no\n34\n",
  });
  expect(shell("yes 'a").stdout).toBe("");
  expect(shell("b'").stdout).toBe("yes|a\nb\n");
});

it("has files in folders, and finds them by patterns", () => {
  const files = createFileTree([
    ["/sys/block/md0/md/level", () => "raid1\n"],
    ["/sys/block/md1/md/level", () => "raid5\n"],
    ["/run/user/1001", undefined],
  ]);
  expect(files.expand("/sys/block/md*/md/level")).toEqual([
    "/sys/block/md0/md/level",
    "/sys/block/md1/md/level",
  ]);
  expect(files.expand("/sys/block/*")).toEqual(["/sys/block/md0", "/sys/block/md1"]);
  expect(files.expand("/dev/sd*")).toEqual(["/dev/sd*"]);
  expect([files.isThere("/sys/block"), files.isThere("/sys/bl"), files.isThere("/run/user/1001")]).toEqual([
    true,
    false,
    true,
  ]);
  expect([files.read("/sys/block"), files.read("/sys/block/md1/md/level")]).toEqual([undefined, "raid5\n"]);
});

it("renders templates as Go does, and refuses a field that is not there", () => {
  const data = { Name: "web", State: { Health: null }, Labels: { a: "1" }, Mounts: [{ Type: "bind" }] };
  const render = (template: string) => renderTemplate(template, data);
  expect(render('{"n":{{json .Name}},"l":{{json (index .Labels "b")}}}')).toBe('{"n":"web","l":""}');
  expect(render('{{if .State.Health}}{{json .State.Health.Status}}{{else}}""{{end}}')).toBe('""');
  expect(render("[{{range .Mounts}}{{json .Type}},{{end}}null]")).toBe('["bind",null]');
  expect(() => render("{{json .Image}}")).toThrow("can't evaluate field Image");
});
