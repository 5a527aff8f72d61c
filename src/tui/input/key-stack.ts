import type { Input } from "../terminal/key-parser.ts";
import { type ActionId, findAction, type Scope } from "./actions.ts";
import type { Keymap } from "./keymap.ts";
import { isModal } from "./scopes.ts";

/** Something open that wants keys: a screen, a dialog, the filter. */
export interface Layer {
  readonly scopes: readonly Scope[];
  /** A text field: it is asked first, for keys and pastes. True when it took the input. */
  readonly text?: (input: Input) => boolean;
  /** True when it did it; else whoever lies below is asked. */
  readonly act: (action: ActionId, key: string) => boolean;
  readonly mouse?: (input: Extract<Input, { type: "mouse" }>) => boolean;
}

export interface KeyStack {
  /** On top of all others. Returns what takes it away again, wherever it lies by then. */
  readonly push: (layer: Layer) => () => void;
  readonly press: (input: Input) => void;
  /** The scopes in which a key would be looked up now, nearest first. */
  readonly scopes: () => readonly Scope[];
}

/** The top one that wants a key gets it. Below a dialog or a text field only what is always live does. */
export function createKeyStack(keymap: Keymap): KeyStack {
  let layers: readonly Layer[] = [];
  const reachable = (): readonly Layer[] => {
    const modal = layers.findIndex(({ scopes }) => isModal(scopes));
    return modal < 0 ? layers : layers.slice(0, modal + 1);
  };
  return {
    push: (layer) => {
      layers = [layer, ...layers];
      return () => {
        layers = layers.filter((other) => other !== layer);
      };
    },
    press: (input) => {
      // A handler may open or close layers: this input is for those that were there.
      const asked = layers;
      if (input.type === "reply") return;
      if (input.type === "mouse") {
        reachable().some((layer) => layer.mouse?.(input));
        return;
      }
      let isBlocked = false;
      for (const layer of asked) {
        if (!isBlocked && layer.text?.(input)) return;
        // What is pasted is text: without a field for it, it is nothing.
        const key = input.type === "key" ? input.key : "";
        const action = keymap.actionFor(key, layer.scopes);
        const isLive = !isBlocked || (action !== undefined && findAction(action)?.scope === "always");
        if (action !== undefined && isLive && layer.act(action, key)) return;
        isBlocked ||= isModal(layer.scopes);
      }
    },
    scopes: () => [...new Set(reachable().flatMap(({ scopes }) => scopes))],
  };
}
