import { execFileSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { TtyStream } from "../../../src/tui/terminal/tty-line.ts";
import { folderWith } from "../../inventory/files.ts";
import { pause } from "./fake-terminal.ts";

/** A pipe for a terminal: it also takes only so much. */
export function openPipe() {
  const path = join(folderWith({}), "line");
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const fd = openSync(path, constants.O_WRONLY);
  const stdout = Object.assign(new EventEmitter(), { isTTY: true, fd, columns: 80, rows: 24 });
  const read = () => {
    const buffer = Buffer.alloc(1 << 20);
    try {
      return buffer.toString("latin1", 0, readSync(reader, buffer));
    } catch {
      return "";
    }
  };
  const readUntilDry = async () => {
    let text = "";
    for (let quiet = 0; quiet < 3; ) {
      const more = read();
      quiet = more === "" ? quiet + 1 : 0;
      text += more;
      await pause(15);
    }
    return text;
  };
  return { stdout: stdout as unknown as TtyStream, read, readUntilDry, closeReader: () => closeSync(reader) };
}
