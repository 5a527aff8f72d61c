import { Box, Text } from "ink";
import { useEffect, useState } from "react";
import { renderOn } from "../../../src/tui/terminal/render-on.tsx";
import { openTerminal, type Terminal } from "../../../src/tui/terminal/terminal.ts";

// Shows the last keys and the size, and does what the keys say: the least that is a program on this layer.
const terminal = openTerminal({ stdin: process.stdin, stdout: process.stdout, env: process.env });
const app = renderOn(terminal, <Program terminal={terminal} />);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => app.unmount());
await app.waitUntilExit();
terminal.close();

function Program({ terminal }: { readonly terminal: Terminal }) {
  const [keys, setKeys] = useState<readonly string[]>([]);
  const [size, setSize] = useState(terminal.size());
  useEffect(
    () =>
      terminal.onInput((input) => {
        if (input.type !== "key") return;
        if (input.key === "ctrl+z") terminal.stop();
        else if (input.key === "ctrl+l") terminal.redraw();
        else if (input.key === "q") app.unmount();
        else setKeys((before) => [...before.slice(-5), input.key]);
      }),
    [terminal],
  );
  useEffect(() => terminal.onResize(() => setSize(terminal.size())), [terminal]);
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Text>tiny program</Text>
      <Text>{`size ${size.columns}x${size.rows}`}</Text>
      <Text>{`keys ${keys.join(" ")}`}</Text>
    </Box>
  );
}
