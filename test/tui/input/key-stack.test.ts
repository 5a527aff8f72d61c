import { expect, test } from "vitest";
import type { ActionId, Scope } from "../../../src/tui/input/actions.ts";
import { createKeyStack, type KeyStack } from "../../../src/tui/input/key-stack.ts";
import { createKeymap } from "../../../src/tui/input/keymap.ts";
import type { Input } from "../../../src/tui/terminal/key-parser.ts";

const key = (name: string): Input => ({ type: "key", key: name });

function open(
  ...layers: readonly (readonly [name: string, scopes: readonly Scope[], wants?: readonly ActionId[]])[]
) {
  const stack = createKeyStack(createKeymap({}));
  const done: string[] = [];
  const removes = layers.map(([name, scopes, wants]) =>
    stack.push({
      scopes,
      act: (action) => {
        if (wants && !wants.includes(action)) return false;
        done.push(`${name} ${action}`);
        return true;
      },
    }),
  );
  return { stack, done, removes };
}

const press = (stack: KeyStack, ...names: readonly string[]) => {
  for (const name of names) stack.press(key(name));
};

test("the top one that wants a key gets it", () => {
  const { stack, done } = open(["root", ["global"]], ["table", ["list"], ["move.down"]]);
  press(stack, "j", "k", "q", "~");
  expect(done).toEqual(["table move.down", "root go.back"]);
});

test("below a dialog only what is always live gets keys", () => {
  const { stack, done, removes } = open(
    ["root", ["list", "global"]],
    ["dialog", ["dialog"], ["dialog.cancel"]],
  );
  press(stack, "D", "j", "1", "esc", "ctrl+c");
  expect(done).toEqual(["dialog dialog.cancel", "root scrap.leave"]);
  removes[1]?.();
  press(stack, "D");
  expect(done.at(-1)).toBe("root thing.deploy");
});

test("a text field takes characters and pastes first; keys that it leaves are looked up", () => {
  const { stack, done } = open(["root", ["list", "global"]]);
  const typed: string[] = [];
  const remove = stack.push({
    scopes: ["text"],
    text: (input) => {
      if (input.type === "paste") typed.push(input.text);
      else if (input.type === "key" && input.key.length === 1) typed.push(input.key);
      else return false;
      return true;
    },
    act: (action) => {
      done.push(`field ${action}`);
      return true;
    },
  });
  press(stack, "q", "D", "enter");
  stack.press({ type: "paste", text: "rm -rf" });
  expect(typed).toEqual(["q", "D", "rm -rf"]);
  expect(done).toEqual(["field text.accept"]);
  remove();
  stack.press({ type: "paste", text: "DDD\n" });
  stack.press({ type: "reply", text: "q" });
  expect(done).toEqual(["field text.accept"]);
});

test("a layer goes wherever it lies, and a handler may change the stack", () => {
  const { stack, done, removes } = open(["low", ["global"]], ["high", ["global"]]);
  const remove = stack.push({
    scopes: ["global"],
    act: () => {
      remove();
      return false;
    },
  });
  removes[0]?.();
  press(stack, "q", "q");
  expect(done).toEqual(["high go.back", "high go.back"]);
  removes[1]?.();
  press(stack, "q");
  expect(done).toHaveLength(2);
});

test("the mouse goes to whoever is not covered by a dialog", () => {
  const { stack } = open();
  const clicks: string[] = [];
  const mouse = (name: string) => () => clicks.push(name) > 0;
  const click: Input = { type: "mouse", x: 0, y: 0, button: 0, down: true };
  stack.push({ scopes: ["list"], act: () => false, mouse: mouse("list") });
  stack.press(click);
  stack.push({ scopes: ["dialog"], act: () => false });
  stack.press(click);
  expect(clicks).toEqual(["list"]);
});

test("help is for the scopes that are reached", () => {
  const { stack } = open(["root", ["global"]], ["table", ["list"]]);
  expect(stack.scopes()).toEqual(["list", "global"]);
  stack.push({ scopes: ["dialog"], act: () => false });
  expect(stack.scopes()).toEqual(["dialog"]);
});
