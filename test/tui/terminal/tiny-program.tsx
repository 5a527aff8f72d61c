import { spawn } from "node:child_process";
import { once } from "node:events";
import { Box, Text } from "ink";
import { useEffect, useState } from "react";
import { renderOn } from "../../../src/tui/terminal/render-on.tsx";
import { openTerminal, type Terminal } from "../../../src/tui/terminal/terminal.ts";

// The least that is a program on this layer: shows the last keys and the size, and does what some keys say.
const terminal = openTerminal({ stdin: process.stdin, stdout: process.stdout, env: process.env });
const app = renderOn(terminal, <Program terminal={terminal} />);
const acts: Readonly<Record<string, () => unknown>> = {
  "ctrl+z": terminal.stop,
  "ctrl+l": terminal.redraw,
  q: () => app.unmount(),
  m: () => terminal.setMouse(true),
  s: () =>
    terminal.suspended(() =>
      once(
        spawn("sh", ["-c", "echo child; read answer; echo got $answer; sleep 0.5"], { stdio: "inherit" }),
        "exit",
      ),
    ),
  e: () =>
    setTimeout(() => {
      throw new Error("on purpose");
    }),
};

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => app.unmount());
// Some shells let a hangup pass: the end of the input must do.
process.on("SIGHUP", () => {});
await app.waitUntilExit();
terminal.close();

function Program({ terminal }: { readonly terminal: Terminal }) {
  const [keys, setKeys] = useState<readonly string[]>([]);
  const [size, setSize] = useState(terminal.size());
  useEffect(
    () =>
      terminal.onInput((input) => {
        const name = input.type === "key" ? input.key : input.type;
        setKeys((before) => [...before.slice(-5), name]);
        acts[name]?.();
      }),
    [terminal],
  );
  useEffect(() => terminal.onResize(() => setSize(terminal.size())), [terminal]);
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Text>{`tiny program ${process.pid}`}</Text>
      <Text>{`keys ${keys.join(" ")}`}</Text>
      <Box flexGrow={1} />
      <Text>{`size ${size.columns}x${size.rows}`}</Text>
    </Box>
  );
}
