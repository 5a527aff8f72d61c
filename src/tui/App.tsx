import { Box, type Instance, Text } from "ink";
import { memo, useSyncExternalStore } from "react";
import type { Picture } from "./picture.ts";
import { renderOn } from "./terminal/render-on.tsx";
import type { Terminal } from "./terminal/terminal.ts";

interface AppProps {
  readonly subscribe: (listener: () => void) => () => void;
  readonly picture: () => Picture;
}

export const mountApp = (terminal: Terminal, props: AppProps): Instance =>
  renderOn(terminal, <App {...props} />);

/** The whole screen: exactly as wide and high as the terminal, as Ink wants it on the alternate screen. */
function App({ subscribe, picture }: AppProps) {
  const { columns, rows } = useSyncExternalStore(subscribe, picture);
  return (
    <Box width={columns} height={rows.length} flexDirection="column">
      {rows.map((text, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its row.
        <Row key={row} text={text} />
      ))}
    </Box>
  );
}

/** Ink lays out again only what is another text. */
const Row = memo(function Row({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text === "" ? " " : text}</Text>;
});
