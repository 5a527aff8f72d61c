export const isGlob = (text: string): boolean => /[*?]/.test(text);

/** `*` is any text, `?` one character. No regular expression, so that no pattern is slow. */
export function matchesGlob(glob: string, text: string): boolean {
  let star = -1;
  let resume = 0;
  let at = 0;
  let i = 0;
  while (i < text.length) {
    if (glob[at] === "*") {
      star = at++;
      resume = i;
    } else if (glob[at] === "?" || glob[at] === text[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  while (glob[at] === "*") at++;
  return at === glob.length;
}
