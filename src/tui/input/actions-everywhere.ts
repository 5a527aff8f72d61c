import type { ActionData } from "./actions.ts";

/** What can be done with the host, service, disk … that is selected or shown. Upper-case keys change things. */
export const perThing = [
  { id: "thing.open", title: "Open", keys: ["enter"], scope: "thing", group: "look" },
  { id: "thing.describe", title: "Describe", keys: ["d"], scope: "thing", group: "look" },
  { id: "thing.yaml", title: "Raw facts as YAML", keys: ["y"], scope: "thing", group: "look" },
  { id: "thing.logs", title: "Logs", keys: ["l"], scope: "thing", group: "look" },
  { id: "thing.copy", title: "Copy", keys: ["c"], scope: "thing", group: "look" },
  { id: "thing.shell", title: "Shell on the host", keys: ["x"], scope: "thing", group: "look" },
  { id: "thing.actions", title: "What can be done", keys: ["a"], scope: "thing", group: "change" },
  { id: "thing.deploy", title: "Deploy", keys: ["D"], scope: "thing", group: "change" },
  { id: "thing.upgrade", title: "Upgrade", keys: ["U"], scope: "thing", group: "change" },
  { id: "thing.snapshot", title: "Snapshot", keys: ["S"], scope: "thing", group: "change" },
  { id: "thing.backups", title: "Backups and restore", keys: ["B"], scope: "thing", group: "change" },
  { id: "thing.migrate", title: "Migrate", keys: ["M"], scope: "thing", group: "change" },
  { id: "thing.empty", title: "Empty, or bring back", keys: ["E"], scope: "thing", group: "change" },
  { id: "thing.jobs", title: "Resume, cancel, unlock", keys: ["J"], scope: "thing", group: "change" },
] as const satisfies readonly ActionData[];

/** On every screen, save where a dialog or a text field is open. */
export const global = [
  { id: "go.back", title: "Back", keys: ["esc", "q"], scope: "global", group: "go" },
  { id: "go.palette", title: "Every screen and action", keys: [":"], scope: "global", group: "go" },
  { id: "go.help", title: "Help", keys: ["?"], scope: "global", group: "go" },
  { id: "go.next-pane", title: "Next pane", keys: ["tab"], scope: "global", group: "go" },
  { id: "go.previous-pane", title: "Previous pane", keys: ["shift+tab"], scope: "global", group: "go" },
  { id: "go.next-tab", title: "Next tab", keys: ["]"], scope: "global", group: "go" },
  { id: "go.previous-tab", title: "Previous tab", keys: ["["], scope: "global", group: "go" },
  { id: "screen.fleet", title: "Fleet", keys: ["1"], scope: "global", group: "go" },
  { id: "screen.services", title: "Services", keys: ["2"], scope: "global", group: "go" },
  { id: "screen.workloads", title: "Workloads", keys: ["3"], scope: "global", group: "go" },
  { id: "screen.storage", title: "Storage", keys: ["4"], scope: "global", group: "go" },
  { id: "screen.power", title: "Power", keys: ["5"], scope: "global", group: "go" },
  { id: "screen.backups", title: "Backups", keys: ["6"], scope: "global", group: "go" },
  { id: "screen.activity", title: "Activity", keys: ["7"], scope: "global", group: "go" },
  { id: "find.start", title: "Filter or search", keys: ["/"], scope: "global", group: "find" },
  { id: "find.next", title: "Next match", keys: ["n"], scope: "global", group: "find" },
  { id: "find.previous", title: "Previous match", keys: ["N"], scope: "global", group: "find" },
  { id: "find.problems", title: "Only problems", keys: ["!"], scope: "global", group: "find" },
  { id: "go.commands", title: "Commands that were sent", keys: ["@"], scope: "global", group: "scrap" },
  { id: "refresh.pause", title: "Pause refreshing", keys: ["p"], scope: "global", group: "scrap" },
  { id: "refresh.now", title: "Refresh now", keys: ["R"], scope: "global", group: "scrap" },
  { id: "scrap.write", title: "Read-only or write", keys: ["W"], scope: "global", group: "scrap" },
  { id: "go.themes", title: "Themes", keys: ["t"], scope: "global", group: "scrap" },
  { id: "go.settings", title: "Settings", keys: [","], scope: "global", group: "scrap" },
] as const satisfies readonly ActionData[];

/** Whatever is open. */
export const always = [
  { id: "terminal.redraw", title: "Draw again", keys: ["ctrl+l"], scope: "always", group: "scrap" },
  { id: "terminal.stop", title: "Suspend", keys: ["ctrl+z"], scope: "always", group: "scrap" },
  { id: "scrap.leave", title: "Quit", keys: ["ctrl+c"], scope: "always", group: "scrap" },
] as const satisfies readonly ActionData[];
