import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { UnreadableOutput } from "../../src/errors.ts";
import { parseFeed } from "../../src/releases/feed.ts";
import { fetchFeed } from "../../src/releases/fetch-feed.ts";

const atom = (...entries: readonly string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="en-US">
  <id>tag:github.com,2008:https://github.com/example/web/releases</id>
  <title>Release notes from web</title>
${entries.join("\n")}
</feed>
`;

describe("the feed of a forge", () => {
  test("has the tag of each release, its link, its day and what its notes warn of", () => {
    const [first, second] = parseFeed(
      atom(
        `<entry>
           <id>tag:github.com,2008:Repository/1/v28.0.1</id>
           <updated>2026-10-05T10:04:25Z</updated>
           <link rel="alternate" type="text/html" href="https://github.com/example/web/releases/tag/v28.0.1"/>
           <title>Autumn &amp; rain</title>
           <content type="html">&lt;h2&gt;BREAKING&lt;/h2&gt;&lt;p&gt;Tables are migrated.&lt;/p&gt;</content>
           <media:thumbnail height="30" width="30" url="https://avatars.example/1"/>
         </entry>`,
        `<entry><id>tag:github.com,2008:Repository/1/v28.0.0</id><updated>2026-09-01T00:00:00Z</updated>
           <link rel="alternate" href="https://github.com/example/web/releases/tag/v28.0.0"/><title>v28.0.0</title>
           <content type="xhtml"><div><p>Nothing of <b>note</b>.</p></div></content></entry>`,
      ),
    );
    expect(first).toMatchObject({
      title: "Autumn & rain",
      link: "https://github.com/example/web/releases/tag/v28.0.1",
      at: "2026-10-05T10:04:25.000Z",
      warnings: ["breaking", "migration"],
    });
    expect(first?.version.text).toBe("v28.0.1");
    expect(second).toMatchObject({ title: "v28.0.0", warnings: [] });
  });

  test("as RSS, with CDATA and a namespace", () => {
    const [only] = parseFeed(`<rss version="2.0"><channel><title>News</title><item>
      <title><![CDATA[Web 3.4.5 <released>]]></title><link>https://web.example/news/345</link>
      <pubDate>Mon, 05 Oct 2026 10:04:25 GMT</pubDate>
      <content:encoded><![CDATA[<p>The old API is deprecated.</p>]]></content:encoded></item></channel></rss>`);
    expect(only).toMatchObject({
      title: "Web 3.4.5",
      link: "https://web.example/news/345",
      at: "2026-10-05T10:04:25.000Z",
      warnings: ["deprecation"],
    });
    expect(only?.version.text).toBe("3.4.5");
  });

  test("what names no version, or several, is no release", () => {
    expect(parseFeed(atom("<entry><title>We moved</title></entry>"))).toEqual([]);
    expect(parseFeed(atom("<entry><title>From 1.2.3 to 1.3.0</title></entry>"))).toEqual([]);
  });
});

describe("a hostile feed", () => {
  test("cannot drive the terminal, nor lead a browser elsewhere", () => {
    const [only] = parseFeed(
      atom(
        `<entry><title>v1.2.3&#27;]0;x&#7;&#x202e;&#10;next</title><link href="javascript:alert(1)"/></entry>`,
      ),
    );
    expect(only?.title).toBe("v1.2.3 ]0;x next");
    expect(only?.link).toBeUndefined();
  });

  test("cannot grow, and names no file", () => {
    const bomb = `<!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>`;
    expect(() => parseFeed(`${bomb}<feed><entry><title>&b;&f; 1.2.3</title></entry></feed>`)).toThrow(
      UnreadableOutput,
    );
    const [only] = parseFeed(atom("<entry><title>1.2.3 &b;</title></entry>"));
    expect(only?.title).toBe("1.2.3 &b;");
  });

  test.each([
    ["", "nothing is in it"],
    ["<html><body>Sign in</body></html>", "Neither Atom nor RSS"],
    ["<feed><entry>", "not closed"],
    ["<feed></entry></feed>", "closes nothing"],
    ["<feed><a b='1' <c/></feed>", "a tag that is none"],
    [`<feed>${"<a>".repeat(1000)}`, "in one another"],
    ["<feed><![CDATA[ never ends", "no ]]>"],
  ])("%s is refused in words", (text, why) => {
    expect(() => parseFeed(text)).toThrow(why);
  });

  test("every beginning of a feed is read or refused", () => {
    const text = atom(`<entry><title>v1.0</title><link href="https://x.example/releases/tag/v1.0"/></entry>`);
    for (let length = 0; length < text.length; length += 1)
      try {
        parseFeed(text.slice(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableOutput);
      }
  });

  test("is read in time, however it is made", () => {
    const tags = `<feed><entry><title>${"&lt;".repeat(200_000)}</title></entry></feed>`;
    const spaces = `<feed><entry ${" ".repeat(400_000)}x</entry></feed>`;
    expect(parseFeed(tags)).toEqual([]);
    expect(() => parseFeed(spaces)).toThrow(UnreadableOutput);
  });
});

describe("where a feed is read from", () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  const serve = async (
    answer: (url: string) => readonly [status: number, body: string, location?: string],
  ) => {
    const server = createServer(({ url = "" }, response) => {
      const [status, body, location] = answer(url);
      response.writeHead(status, location === undefined ? {} : { location }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  test("a file, in its own encoding", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "scrap-feed-")), "releases.atom");
    writeFileSync(
      file,
      Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><feed>\xe9</feed>`, "latin1"),
    );
    expect(await fetchFeed(pathToFileURL(file).href)).toContain("<feed>é</feed>");
    await expect(fetchFeed(`${pathToFileURL(file).href}.gone`)).rejects.toThrow(/gone.* cannot be read/);
    await expect(fetchFeed("file:///dev/zero")).rejects.toThrow("is no file");
  });

  test("a server, after it sent us on", async () => {
    const url = await serve((path) => (path === "/new" ? [200, "<feed/>"] : [302, "", "/new"]));
    expect(await fetchFeed(`${url}/old`)).toBe("<feed/>");
  });

  test("no more than 5 MiB, no error page, nobody there", async () => {
    const url = await serve((path) => (path === "/big" ? [200, "x".repeat(6 * 1024 * 1024)] : [404, "no"]));
    await expect(fetchFeed(`${url}/big`)).rejects.toThrow("larger than 5 MiB");
    await expect(fetchFeed(`${url}/none`)).rejects.toThrow("HTTP 404");
    await expect(fetchFeed("http://127.0.0.1:1/")).rejects.toThrow("cannot be read");
  });
});
