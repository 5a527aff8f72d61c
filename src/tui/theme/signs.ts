/** Signs that go with words and colours. In both sets each takes the same number of columns. */
export interface Signs {
  readonly ok: string;
  readonly warning: string;
  readonly failed: string;
  readonly unknown: string;
  readonly unasked: string;
  /** Before the selected row, so that it is seen without colours, too. */
  readonly pointer: string;
  readonly marked: string;
  /** No value where there cannot be one. */
  readonly none: string;
  readonly ellipsis: string;
  /** Between words of one line. */
  readonly dot: string;
  readonly rule: string;
  readonly vertical: string;
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  readonly treeBranch: string;
  readonly treeLast: string;
  /** Beside the branches of what lies deeper. */
  readonly treeLine: string;
  readonly up: string;
  readonly down: string;
  readonly left: string;
  readonly right: string;
  /** Where one is in what scrolls. */
  readonly thumb: string;
}

export const unicodeSigns: Signs = {
  ok: "●",
  warning: "▲",
  failed: "✖",
  unknown: "?",
  unasked: "◌",
  pointer: ">",
  marked: "*",
  none: "–",
  ellipsis: "…",
  dot: "·",
  rule: "─",
  vertical: "│",
  topLeft: "╭",
  topRight: "╮",
  bottomLeft: "╰",
  bottomRight: "╯",
  treeBranch: "├─",
  treeLast: "└─",
  treeLine: "│ ",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  thumb: "█",
};

export const asciiSigns: Signs = {
  ok: "o",
  warning: "!",
  failed: "x",
  unknown: "?",
  unasked: ".",
  pointer: ">",
  marked: "*",
  none: "-",
  ellipsis: "~",
  dot: "-",
  rule: "-",
  vertical: "|",
  topLeft: "+",
  topRight: "+",
  bottomLeft: "+",
  bottomRight: "+",
  treeBranch: "|-",
  treeLast: "`-",
  treeLine: "| ",
  up: "^",
  down: "v",
  left: "<",
  right: ">",
  thumb: "#",
};
