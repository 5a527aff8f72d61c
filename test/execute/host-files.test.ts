import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { putBackFile, takeAwayFile, uploadFile } from "../../src/execute/host-files.ts";
import { lockHost } from "../../src/execute/host-locks.ts";
import { createLocalHost, type LocalHost } from "./local-host.ts";

const operation = "20261121-1412-deploy-web-x7k2";

// Files are given to root and others.
describe.skipIf(process.getuid?.() !== 0)("a file that is put in place", () => {
  let host: LocalHost;
  let place: string;
  beforeEach(async () => {
    host = createLocalHost();
    place = mkdtempSync(join(tmpdir(), "scrap-place-"));
    await lockHost(host.link, operation, "anna@here", "Deploy web");
  });
  afterEach(() => {
    host.close();
    rmSync(place, { recursive: true });
  });

  const upload = (path: string, text: string, { step = "unit", mode = "0640", owner = "root:root" } = {}) =>
    uploadFile(host.link, { operation, step, path, mode, owner, text });
  const sha256 = createHash("sha256").update("new\n").digest("hex");
  const putBack = (path: string, { of = "unit", isSure = true } = {}) =>
    putBackFile(host.link, { operation, step: `${of}-back`, of, path, sha256, isSure });
  const read = (path: string) => readFileSync(path, "utf8");

  it("is whole, with mode and owner, and so are the folders that were missing", async () => {
    const file = join(place, "a", "b", "web.container");
    await upload(file, "new\n", { owner: "nobody:nogroup" });
    const { mode, uid } = statSync(file);
    expect(read(file)).toBe("new\n");
    expect(mode & 0o777).toBe(0o640);
    expect(statSync(join(place, "a")).uid).toBe(uid);
    expect(readdirSync(join(place, "a", "b"))).toEqual(["web.container"]);
  });

  it("comes back as it was before the first of several uploads, however often", async () => {
    const file = join(place, "web.container");
    writeFileSync(file, "old\n", { mode: 0o600 });
    await upload(file, "new\n");
    await upload(file, "newer\n");
    expect(read(file)).toBe("newer\n");
    for (const _ of [1, 2]) {
      await putBack(file);
      expect(read(file)).toBe("old\n");
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  it("goes away again where there was none", async () => {
    const file = join(place, "web.container");
    await upload(file, "new\n");
    for (const _ of [1, 2]) {
      await putBack(file);
      expect(existsSync(file)).toBe(false);
    }
  });

  it("is left alone by a way back when it was never put there", async () => {
    const file = join(place, "web.container");
    writeFileSync(file, "old\n");
    await putBack(file, { isSure: false });
    expect(read(file)).toBe("old\n");
  });

  it("is not written again by a way back where it is as it was: there may be no room for it", async () => {
    const file = join(place, "web.container");
    writeFileSync(file, "old\n", { mode: 0o640 });
    await upload(file, "new\n");
    writeFileSync(file, "old\n");
    const { ino } = statSync(file);
    await putBack(file);
    expect(statSync(file).ino).toBe(ino);
    chmodSync(file, 0o600);
    await putBack(file);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it("is in doubt where nobody knows any more what was there, and is not taken for put back", async () => {
    const file = join(place, "web.container");
    await upload(file, "new\n");
    rmSync(join(host.folder, "kept"), { recursive: true });
    for (const isSure of [true, false])
      await expect(putBack(file, { isSure })).rejects.toMatchObject({
        code: "in-doubt",
        message: expect.stringContaining("is not kept any more"),
        hint: expect.stringContaining("--was-done unit-back"),
      });
    expect(read(file)).toBe("new\n");
  });

  it("is taken away, and comes back as it was", async () => {
    const file = join(place, "web.container");
    writeFileSync(file, "old\n", { mode: 0o640 });
    for (const _ of [1, 2]) await takeAwayFile(host.link, operation, "gone", file);
    expect(existsSync(file)).toBe(false);
    await putBack(file, { of: "gone" });
    expect(read(file)).toBe("old\n");
    expect(statSync(file).mode & 0o777).toBe(0o640);
    await expect(takeAwayFile(host.link, operation, "folder", place)).rejects.toThrow("is a directory");
  });

  it("takes the place of a link, which comes back as one", async () => {
    const file = join(place, "web.container");
    writeFileSync(join(place, "shared"), "shared\n");
    symlinkSync("shared", file);
    await upload(file, "new\n");
    expect(read(join(place, "shared"))).toBe("shared\n");
    await putBack(file);
    expect(readlinkSync(file)).toBe("shared");
  });

  it("never goes through a link that somebody laid in its way", async () => {
    const file = join(place, "web.container");
    writeFileSync(join(place, "shadow"), "root's\n", { mode: 0o600 });
    symlinkSync(join(place, "shadow"), `${file}.scrap-new`);
    symlinkSync(place, join(place, ".scrap-new"));
    await upload(file, "new\n", { owner: "nobody:nogroup", mode: "0666" });
    expect(read(join(place, "shadow"))).toBe("root's\n");
    expect(statSync(join(place, "shadow"))).toMatchObject({ uid: 0, mode: 0o100600 });
    expect(lstatSync(file).isSymbolicLink()).toBe(false);
  });

  it("is refused where the folder of a user leads to somebody else's, or everybody may write", async () => {
    const home = join(place, "home");
    for (const folder of ["home", "etc", "all"]) mkdirSync(join(place, folder));
    chmodSync(join(place, "all"), 0o777);
    symlinkSync(join(place, "etc"), join(home, "units"));
    const theirs = { owner: "nobody:nogroup" };
    await expect(upload(join(home, "units", "web"), "new\n", theirs)).rejects.toThrow(
      "belongs to somebody else",
    );
    await expect(upload(join(home, "units", "more", "web"), "new\n", theirs)).rejects.toThrow(
      "somebody else",
    );
    await expect(upload(join(place, "all", "web"), "new\n", theirs)).rejects.toThrow("written by everybody");
    expect(readdirSync(join(place, "etc"))).toEqual([]);
  });

  it("is refused where somebody has a folder of the name in which it is made", async () => {
    mkdirSync(join(place, ".scrap-new"), { mode: 0o777 });
    chownSync(join(place, ".scrap-new"), 65534, 65534);
    await expect(upload(join(place, "web"), "new\n")).rejects.toThrow(".scrap-new is in the way");
  });

  it("is refused where a folder is, and on a host that another operation holds", async () => {
    mkdirSync(join(place, "folder"));
    await expect(upload(join(place, "folder"), "new\n")).rejects.toThrow("is a directory");
    rmSync(join(host.folder, "lock"));
    await lockHost(host.link, "20261121-1412-stop-web-0000", "ben@there", "Stop web");
    await expect(upload(join(place, "file"), "new\n")).rejects.toThrow("held by ben@there");
    expect(existsSync(join(place, "file"))).toBe(false);
  });

  it("stays as it was when the disk is full, and nothing half is left beside it", async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", place]);
    try {
      const file = join(place, "web.container");
      writeFileSync(file, "old\n");
      await expect(upload(file, "x".repeat(100_000))).rejects.toThrow(/upload.*No space left/s);
      expect(read(file)).toBe("old\n");
      expect(readdirSync(place)).toEqual(["web.container"]);
    } finally {
      execFileSync("umount", ["-l", place]);
    }
  });
});
