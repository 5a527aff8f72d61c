import { Box, type DOMElement, type Instance, render, useApp } from "ink";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import type { Terminal } from "./terminal.ts";

/** Shows it full screen on the terminal until it is unmounted or the terminal is gone. */
export function renderOn(terminal: Terminal, node: ReactNode): Instance {
  const instance = render(
    <>
      <Attached terminal={terminal} />
      {node}
    </>,
    {
      stdin: terminal.stdin,
      stdout: terminal.stdout,
      alternateScreen: true,
      incrementalRendering: true,
      maxFps: 30,
      patchConsole: false,
      exitOnCtrlC: false,
      interactive: terminal.stdout.isTTY,
    },
  );
  if (terminal.gone.aborted) instance.unmount();
  else terminal.gone.addEventListener("abort", () => instance.unmount(), { once: true });
  return instance;
}

/** Takes no room. It knows Ink's way to give the terminal away, and the root of what is drawn. */
function Attached({ terminal }: { readonly terminal: Terminal }) {
  const { suspendTerminal } = useApp();
  const here = useRef<DOMElement>(null);
  useLayoutEffect(() => {
    terminal.attach((run) => suspendTerminal(run));
    const root = here.current?.parentNode;
    return root && drawWhenThereIsRoom(root, terminal);
  }, [terminal, suspendTerminal]);
  return <Box ref={here} position="absolute" />;
}

/**
 * Ink sends what differs from the picture before, so no picture may be left out once it is made. On a slow line none is
 * made until the one before has gone.
 */
function drawWhenThereIsRoom(root: DOMElement, terminal: Terminal): () => void {
  const draw = root.onRender;
  if (!draw) return () => {};
  let isHeld = false;
  root.onRender = () => {
    if (terminal.isBusy()) isHeld = true;
    else draw();
  };
  const stop = terminal.onDrain(() => {
    if (!isHeld) return;
    isHeld = false;
    draw();
  });
  return () => {
    stop();
    root.onRender = draw;
  };
}
