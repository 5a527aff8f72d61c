export const pasteBegins = "\x1b[200~";
export const pasteEnds = "\x1b[201~";
/** More than anybody needs in a text field; the rest is dropped. */
const cap = 1_000_000;

/** A bracketed paste: all is text up to the marker, whatever it looks like. */
export function createPaste(done: (text: string) => void) {
  let parts: string[] | undefined;
  let kept = 0;

  const keep = (text: string) => {
    const room = text.slice(0, cap - kept);
    kept += room.length;
    if (room !== "") parts?.push(room);
  };

  function close(rest = "") {
    keep(rest);
    const text = parts?.join("") ?? "";
    parts = undefined;
    kept = 0;
    done(text.replaceAll(/\r\n?/g, "\n"));
  }

  return {
    /** A terminal that never says the end would keep the keyboard for ever: after that silence it is over. */
    silenceMs: 3000,
    isOpen: () => parts !== undefined,
    open: () => {
      parts = [];
    },
    close,
    /** Returns how much of the text it took; the beginning of an end marker is left for the next time. */
    take: (text: string): number => {
      const end = text.indexOf(pasteEnds);
      if (end >= 0) {
        close(text.slice(0, end));
        return end + pasteEnds.length;
      }
      const tail = text.lastIndexOf("\x1b");
      const taken = tail >= 0 && pasteEnds.startsWith(text.slice(tail)) ? tail : text.length;
      keep(text.slice(0, taken));
      return taken;
    },
  };
}
