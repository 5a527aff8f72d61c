import { UnreadableOutput } from "../errors.ts";
import { parseVersion, type Version } from "./version.ts";
import { decode, type Element, parseXml } from "./xml.ts";

/** A release as its maker announced it. Its texts are plain and of one line. */
export interface Release {
  readonly version: Version;
  readonly title: string;
  readonly link?: string;
  /** RFC 3339. */
  readonly at?: string;
  /** What its notes speak of that a person should read before: `breaking`, `migration`, `deprecation`. */
  readonly warnings: readonly string[];
}

/** The releases of an Atom or RSS feed, in its order; what has no version is left out. Throws `UnreadableOutput`. */
export function parseFeed(text: string): readonly Release[] {
  const root = parseXml(text);
  // RSS 1.0 has its items beside the channel.
  const items = [root, ...childrenOf(root, "channel")].flatMap((each) => [
    ...childrenOf(each, "entry"),
    ...childrenOf(each, "item"),
  ]);
  if (items.length === 0 && !["feed", "rss", "rdf:RDF"].includes(root.name))
    throw new UnreadableOutput(`Neither Atom nor RSS: it begins with <${root.name.slice(0, 40)}>.`);
  return items.slice(0, 1000).flatMap(toRelease);
}

function toRelease(item: Element): readonly Release[] {
  const title = toPlain(textOf(item, "title")).slice(0, 200);
  const link = linkOf(item);
  const version = versionOf(title, link, textOf(item, "id") || textOf(item, "guid"));
  if (!version) return [];
  const at = Date.parse(
    ["published", "updated", "pubDate", "dc:date"].map((name) => textOf(item, name)).find(Boolean) ?? "",
  );
  const notes = ["content", "content:encoded", "summary", "description"].map((name) =>
    toPlain(deepTextOf(item, name)),
  );
  return [
    {
      version,
      title,
      warnings: warningsIn(`${title} ${notes.join(" ")}`),
      ...(link === undefined ? {} : { link }),
      ...(Number.isNaN(at) ? {} : { at: new Date(at).toISOString() }),
    },
  ];
}

/** The tag that a forge names in the address says it exactly; titles are what people like. */
function versionOf(title: string, link: string | undefined, id: string): Version | undefined {
  const tag = /\/(?:releases\/tag|releases|tag|tags|-\/(?:releases|tags))\/([^/?#]+(?:%2F[^/?#]+)*)\/?$/.exec(
    link ?? "",
  )?.[1];
  const ofForge = /^tag:[^:]*:Repository\/\d+\/(.+)$/.exec(id.trim())?.[1];
  for (const text of [tag && unescapeTag(tag), ofForge, title.trim()]) {
    const version = text && parseVersion(text);
    if (version) return version;
  }
  const words = title.split(/[\s,;:()[\]]+/).filter((word) => /^v?\d+\.\d|^v\d/i.test(word));
  return words.length === 1 ? parseVersion(words[0] ?? "") : undefined;
}

function unescapeTag(tag: string): string {
  try {
    return decodeURIComponent(tag);
  } catch {
    return tag;
  }
}

const speaksOf = [
  ["breaking", /\bbreaking\b|\bincompatible\b/i],
  ["migration", /\bmigrat(?:ion|ions|e|es|ed|ing)\b/i],
  ["deprecation", /\bdeprecat/i],
] as const;

const warningsIn = (text: string): readonly string[] =>
  speaksOf.filter(([, pattern]) => pattern.test(text)).map(([word]) => word);

const childrenOf = ({ children }: Element, name: string) => children.filter((child) => child.name === name);

const textOf = (element: Element, name: string): string => childrenOf(element, name)[0]?.text ?? "";

/** Of XHTML in a feed, too. */
function deepTextOf(element: Element, name: string): string {
  const collect = ({ text, children }: Element): string => [text, ...children.map(collect)].join(" ");
  return childrenOf(element, name).map(collect).join(" ").slice(0, 200_000);
}

/** Only what a browser may be given. */
function linkOf(item: Element): string | undefined {
  const links = childrenOf(item, "link");
  const link =
    links.find(({ attributes }) => (attributes.get("rel") ?? "alternate") === "alternate") ?? links[0];
  const href = (link?.attributes.get("href") ?? link?.text ?? "").trim();
  return /^https?:\/\/[^\s\p{C}]{1,500}$/u.test(href) ? href : undefined;
}

/** HTML without its tags, in one line, with nothing in it that a terminal obeys. */
const toPlain = (html: string): string =>
  decode(html.replaceAll(/<[^<>]{0,2000}>/g, " "))
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
