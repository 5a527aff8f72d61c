import { UnreadableOutput } from "../errors.ts";

/** An element of a document, with the text directly in it. */
export interface Element {
  /** With its prefix, as written: `entry`, `content:encoded`. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

const deepest = 64;

/**
 * Reads what feeds are written in: elements, attributes, text, CDATA. Entities are the five of XML and characters by their
 * number, and stand for nothing else: a document that declares its own is refused, so nothing in it can grow or point out
 * of it. Goes over the text once. Throws `UnreadableOutput`.
 */
export function parseXml(text: string): Element {
  const root: Open = { name: "", attributes: new Map(), children: [], text: "" };
  const open: Open[] = [root];
  let at = 0;
  const wrong = (why: string) =>
    new UnreadableOutput(`Not XML: ${why}, in line ${text.slice(0, at).split("\n").length}`);
  const skipTo = (end: string): string => {
    const found = text.indexOf(end, at);
    if (found < 0) throw wrong(`no ${end}`);
    const between = text.slice(at, found);
    at = found + end.length;
    return between;
  };
  while (at < text.length) {
    const inside = open.at(-1) as Open;
    const next = text.indexOf("<", at);
    inside.text += decode(text.slice(at, next < 0 ? undefined : next));
    if (next < 0) break;
    at = next;
    if (text.startsWith("<!--", at)) skipTo("-->");
    else if (text.startsWith("<![CDATA[", at)) inside.text += skipTo("]]>").slice("<![CDATA[".length);
    else if (text.startsWith("<?", at)) skipTo("?>");
    else if (text.startsWith("<!", at)) {
      if (skipTo(">").includes("[")) throw wrong("it declares entities of its own");
    } else if (text.startsWith("</", at)) {
      const name = skipTo(">").slice(2).trim();
      if (open.length === 1 || inside.name !== name) throw wrong(`</${name.slice(0, 40)}> closes nothing`);
      open.pop();
    } else {
      const { name, attributes, isEmpty, end } = parseTag(text, at) ?? {};
      if (name === undefined || attributes === undefined || end === undefined)
        throw wrong("a tag that is none");
      at = end;
      const element: Open = { name, attributes, children: [], text: "" };
      inside.children.push(element);
      if (!isEmpty) open.push(element);
      if (open.length > deepest) throw wrong(`more than ${deepest} elements in one another`);
    }
  }
  const [document] = root.children;
  if (open.length > 1) throw wrong(`<${open.at(-1)?.name}> is not closed`);
  if (!document) throw wrong("nothing is in it");
  return document;
}

function parseTag(text: string, from: number) {
  const opening = /<([\w:.-]{1,100})/y;
  opening.lastIndex = from;
  const name = opening.exec(text)?.[1];
  if (name === undefined) return undefined;
  const attributes = new Map<string, string>();
  const attribute = /\s+([\w:.-]{1,100})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
  let end = opening.lastIndex;
  for (;;) {
    attribute.lastIndex = end;
    const [, key, double, single] = attribute.exec(text) ?? [];
    if (key === undefined) break;
    attributes.set(key, decode(double ?? single ?? ""));
    end = attribute.lastIndex;
  }
  const closing = /\s*(\/?)>/y;
  closing.lastIndex = end;
  const closed = closing.exec(text);
  return closed ? { name, attributes, isEmpty: closed[1] === "/", end: closing.lastIndex } : undefined;
}

const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** What is no entity stays as it stands. */
export function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
