// Between them, C0, DEL, C1, and what changes the direction of text.
const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we are after
  /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const spaces = /\r\n|[\t-\r\x85\u2028\u2029]/g;

/** One line that cannot drive a terminal. Texts of hosts are clean already: this is for what slipped through. */
export function clean(text: string): string {
  // Half a surrogate pair has no width, but what is written in its place has.
  const whole = text.toWellFormed();
  return whole.search(forbidden) < 0 ? whole : whole.replace(spaces, " ").replace(forbidden, "");
}
