import { render, Text } from "ink";
import { createElement } from "react";

/** The smallest Ink program: one line, and it stays. */
render(createElement(Text, null, "hello from Ink"));
setInterval(() => {}, 60_000);
