import { describe, expect, it } from "vitest";
import { z } from "zod";
import { expectExit, parseJson, parseJsonLines, parseNumber, parsePairs } from "../../src/backends/parse.ts";
import { CommandFailed, UnreadableOutput } from "../../src/errors.ts";

describe("what is no JSON, or JSON of another form", () => {
  it("shows how it begins", () => {
    expect(() => parseJson("UNIT LOAD\n", z.array(z.string()))).toThrow(UnreadableOutput);
    expect(() => parseJson("UNIT LOAD\n", z.array(z.string()))).toThrow(/UNIT LOAD/);
  });

  it("names the field", () => {
    const schema = z.object({ state: z.string() });
    expect(() => parseJsonLines('{"state":"up"}\n{"state":3}\n', schema)).toThrow(/state/);
  });

  it("takes no line for an empty list", () => {
    expect(parseJsonLines("\n", z.unknown())).toEqual([]);
  });
});

describe("a number", () => {
  it.each([
    ["0", 0],
    ["12.5", 12.5],
    ["-3", -3],
    ["4.1e3", 4100],
    [" 7 ", 7],
  ])("reads %s", (text, number) => expect(parseNumber(text)).toBe(number));

  it.each(["[not set]", "-", "", "n/a", "0x10", "1,5", "infinity", undefined])(
    "does not make one of %s",
    (text) => expect(parseNumber(text)).toBeUndefined(),
  );
});

it("splits pairs at the first separator", () => {
  const pairs = parsePairs("ups.status: OL\nups.test: a: b\nno pair\n", ":");
  expect(Object.fromEntries(pairs)).toEqual({ "ups.status": "OL", "ups.test": "a: b" });
});

describe("an exit code that was not expected", () => {
  it("tells it with the end of stderr", () => {
    const output = { exitCode: 125, stdout: "", stderr: "one\ntwo\nthree\nfour\n" };
    expect(() => expectExit(output)).toThrow(CommandFailed);
    expect(() => expectExit(output)).toThrow("failed with exit 125: two / three / four");
    expect(expectExit(output, 0, 125)).toBe(output);
  });

  it("says when it was the time", () => {
    expect(() => expectExit({ exitCode: 124, stdout: "", stderr: "" })).toThrow(/too long/);
  });
});
