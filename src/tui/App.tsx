import { Box, type Instance, Text } from "ink";
import { memo, useSyncExternalStore } from "react";
import { drawScene } from "./draw.ts";
import { renderOn } from "./terminal/render-on.tsx";
import type { Terminal } from "./terminal/terminal.ts";
import type { MenuItem } from "./view/menus.ts";
import type { Scene, Stage } from "./view/scene.ts";

interface AppProps {
  readonly stage: Stage;
  readonly items: (scene: Scene) => readonly MenuItem[];
}

export const mountApp = (terminal: Terminal, props: AppProps): Instance =>
  renderOn(terminal, <App {...props} />);

/** The whole screen: exactly as wide and high as the terminal, as Ink wants it on the alternate screen. */
function App({ stage, items }: AppProps) {
  const scene = useSyncExternalStore(stage.scene.subscribe, stage.scene.get);
  const { columns, rows } = scene.size;
  return (
    <Box width={columns} height={rows} flexDirection="column">
      {drawScene(scene, stage, items).map((text, row) => (
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
