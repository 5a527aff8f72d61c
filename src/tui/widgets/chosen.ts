import type { Look } from "../theme/look.ts";

/** The one of several that is shown: without colours it has to be seen otherwise. */
export const inBrackets = (text: string, { colorLevel }: Look): string =>
  colorLevel === 0 ? `[${text}]` : text;
