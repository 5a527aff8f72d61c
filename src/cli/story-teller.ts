import type { Follower } from "../journal/follow.ts";
import type { Operation } from "../journal/operation.ts";
import type { JournalRecord } from "../journal/record.ts";
import type { Context } from "./context.ts";
import { createNarrator } from "./follow-operation.ts";

const wishes = {
  stop: "It was told to stop after the step.",
  "walk-back": "It was told to walk back.",
  "was-done": "was said to be done.",
  "was-not-done": "was said not to be done.",
  anyway: "It was told to go on, whatever others changed since.",
};

/** Tells an operation with all that is known of it: when, by whom, the exact commands, and what was seen. */
export function createStoryTeller({ plan, by }: Operation, context: Context): Follower {
  const { print, style } = context;
  let time = "";
  const narrator = createNarrator(plan, {
    style,
    print: (text) => print(`${style.muted(time)} ${text.replaceAll("\n", `\n${" ".repeat(9)}`)}`),
  });
  const aside = (text: string) => {
    for (const line of text.split("\n")) print(style.muted(`${" ".repeat(11)}${line}`));
  };
  return {
    onOutput: ({ text }) => {
      for (const line of text.split("\n")) if (line.trim() !== "") aside(line);
    },
    onRecord: (record: JournalRecord) => {
      time = new Date(record.at).toTimeString().slice(0, 8);
      narrator.onRecord(record);
      switch (record.kind) {
        case "plan":
          print(style.strong(plan.title));
          print(style.muted(`${plan.id}, by ${by.user} on ${by.machine}, ${record.at}`));
          break;
        case "intent":
          aside(record.says);
          if (record.hostKey !== undefined) aside(`host key ${record.hostKey}`);
          break;
        case "observed":
          aside(record.text);
          break;
        case "driving":
          if (record.seq > 2) aside("taken up again");
          break;
        case "decided":
          aside(record.step === undefined ? wishes[record.what] : `${record.step} ${wishes[record.what]}`);
          break;
        default:
      }
    },
  };
}
