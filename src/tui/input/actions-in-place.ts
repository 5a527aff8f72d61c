import type { ActionData } from "./actions.ts";

export const movement = [
  { id: "move.down", title: "Down", keys: ["j", "down"], scope: "move", group: "move" },
  { id: "move.up", title: "Up", keys: ["k", "up"], scope: "move", group: "move" },
  { id: "move.left", title: "Left", keys: ["left"], scope: "move", group: "move" },
  { id: "move.right", title: "Right", keys: ["right"], scope: "move", group: "move" },
  { id: "move.page-down", title: "Page down", keys: ["pagedown", "ctrl+f"], scope: "move", group: "move" },
  { id: "move.page-up", title: "Page up", keys: ["pageup", "ctrl+u"], scope: "move", group: "move" },
  { id: "move.top", title: "Top", keys: ["g", "home"], scope: "move", group: "move" },
  { id: "move.bottom", title: "Bottom", keys: ["G", "end"], scope: "move", group: "move" },
] as const satisfies readonly ActionData[];

export const inList = [
  { id: "mark.toggle", title: "Mark", keys: ["space"], scope: "list", group: "mark" },
  { id: "mark.range", title: "Mark up to here", keys: ["v"], scope: "list", group: "mark" },
  { id: "mark.invert", title: "Invert the marks", keys: ["*"], scope: "list", group: "mark" },
  { id: "list.sort", title: "Sort by the next column", keys: ["s"], scope: "list", group: "look" },
  { id: "list.reverse", title: "Sort the other way", keys: ["o"], scope: "list", group: "look" },
] as const satisfies readonly ActionData[];

/** A plan before it runs. */
export const inPlan = [
  { id: "plan.run", title: "Carry it out", keys: ["enter"], scope: "plan", group: "change" },
  { id: "plan.full", title: "Every command word by word", keys: ["w"], scope: "plan", group: "look" },
  { id: "plan.save", title: "Keep it as JSON", keys: ["o"], scope: "plan", group: "look" },
] as const satisfies readonly ActionData[];

export const inLog = [
  { id: "log.follow", title: "Follow", keys: ["f"], scope: "log", group: "log" },
  { id: "log.wrap", title: "Wrap lines", keys: ["w"], scope: "log", group: "log" },
  { id: "log.times", title: "Times", keys: ["i"], scope: "log", group: "log" },
  { id: "log.since", title: "Since", keys: ["s"], scope: "log", group: "log" },
  { id: "log.save", title: "Save to a file", keys: ["o"], scope: "log", group: "log" },
  { id: "log.copy", title: "Copy", keys: ["c"], scope: "log", group: "log" },
] as const satisfies readonly ActionData[];

/** Questions and menus. The arrows move there as everywhere. */
export const inDialog = [
  { id: "dialog.accept", title: "Choose", keys: ["enter"], scope: "dialog", group: "choose" },
  { id: "dialog.cancel", title: "Cancel", keys: ["esc", "q"], scope: "dialog", group: "choose" },
  { id: "dialog.next", title: "Next", keys: ["tab"], scope: "dialog", group: "choose" },
  { id: "dialog.previous", title: "Previous", keys: ["shift+tab"], scope: "dialog", group: "choose" },
] as const satisfies readonly ActionData[];

/** Beside a text field that takes all characters: filter, search, palette. */
export const inText = [
  { id: "text.accept", title: "Take it", keys: ["enter"], scope: "text", group: "choose" },
  { id: "text.cancel", title: "Cancel", keys: ["esc"], scope: "text", group: "choose" },
  { id: "text.complete", title: "Complete", keys: ["tab"], scope: "text", group: "choose" },
  { id: "text.next", title: "Next", keys: ["down", "ctrl+n"], scope: "text", group: "choose" },
  { id: "text.previous", title: "Previous", keys: ["up", "ctrl+p"], scope: "text", group: "choose" },
  { id: "text.page-down", title: "Page down", keys: ["pagedown", "ctrl+f"], scope: "text", group: "choose" },
  { id: "text.page-up", title: "Page up", keys: ["pageup"], scope: "text", group: "choose" },
] as const satisfies readonly ActionData[];
