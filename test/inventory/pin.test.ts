import { describe, expect, test } from "vitest";
import { findPin } from "../../src/inventory/pin.ts";

/** The whole text with the pin moved to `version`. */
function move(file: string, text: string, version: string, variable?: string): string {
  const pin = findPin(`/lab/${file}`, text, variable);
  expect(text.slice(pin.offset, pin.offset + pin.version.length)).toBe(pin.version);
  expect(text.split("\n")[pin.line - 1]).toContain(pin.version);
  return `${text.slice(0, pin.offset)}${pin.write(version)}${text.slice(pin.offset + pin.version.length)}`;
}

describe("only the value changes", () => {
  test.each([
    [
      "a role's defaults",
      "main.yml",
      "---\n# 1.2 was bad\nweb_version:   1.2.3   # keep\nother: 1.2.3\n",
      "web_version",
      "1.3.0",
    ],
    ["single quotes", "main.yml", "web_version: '1.2.3'\n", "web_version", "1.3.0"],
    ["double quotes", "main.yml", 'web_version: "1.2"\n', "web_version", "1.10"],
    ["a dotted key", "all.yml", "web:\n  image: {name: web, tag: 27-apache}\n", "web.image.tag", "28-apache"],
    ["a key with dots in it", "all.yml", 'web.version: "1.2"\n', "web.version", "1.3"],
    [
      "an item of a list",
      "all.yml",
      "apps:\n- name: a\n  v: 1.0.0\n- name: b\n  v: 1.0.0\n",
      "apps.1.v",
      "1.0.1",
    ],
    ["Windows' ends of lines", "all.yml", "# x\r\nv: 1.0.0\r\nw: 2\r\n", "v", "1.0.1"],
    ["a mark of its encoding first", "all.yml", "\uFEFFv: 1.0.0\n", "v", "1.0.1"],
    ["letters outside of the plane", "all.yml", "# 🐢 tortue\nnote: 🐢\nv: 1.0.0\n", "v", "1.0.1"],
    ["an anchor", "all.yml", "v: &pin 1.0.0\nw: *pin\n", "v", "1.0.1"],
    ["a file of two documents", "all.yml", "---\na: 1\n---\nv: 1.0.0\n", "v", "1.0.1"],
    ["JSON", "all.json", '{ "web": { "v": "1.0.0" } }', "web.v", "1.0.1"],
    ["group_vars without an ending", "group_vars/all", "web:\n  v: 1.0.0\n", "web.v", "1.0.1"],
    [
      "a compose file",
      "compose.yaml",
      "services:\n  web:\n    image: 'docker.io/lib/web:1.2.3' # x\n",
      "services.web.image",
      "1.3.0",
    ],
    [
      "a registry with a port",
      "compose.yaml",
      "services: {web: {image: 'nas:5000/web:1'}}\n",
      "services.web.image",
      "2",
    ],
    [".env", ".env", '# WEB=0\nexport WEB="1.2.3"  # keep\nWEBX=1.2.3\n', "WEB", "1.3.0"],
    ["a bare .env", "prod.env", "A=1\nWEB=1.2.3\n", "WEB", "1.3.0"],
    ["an image in .env", ".env", "IMAGE=nas:5000/web:1.2.3\n", "IMAGE", "1.3.0"],
    ["Ansible's INI", "hosts.ini", "[web:vars]\nweb_version = 1.2.3 # x\n", "web_version", "1.3.0"],
    [
      "a quadlet",
      "web.container",
      "[Unit]\nDescription=Web #1\n\n[Container]\n#Image=web:0\nImage=localhost/web:1\nVolume=/a:/b:1\n",
      undefined,
      "2",
    ],
    ["spaces in a quadlet", "web.container", "[Container]\nImage = docker.io/a/web:1.2\r\n", "Image", "1.3"],
  ] as const)("in %s", (_, file, text, variable, version) => {
    const moved = move(file, text, version, variable);
    const pin = findPin(file, text, variable);
    expect(moved.length - text.length).toBe(version.length - pin.version.length);
    expect(findPin(file, moved, variable).version).toBe(version);
  });

  test("a number that would lose its 0 gets quotes, as does a date", () => {
    expect(move("a.yml", "v: 1.9\n", "1.10", "v")).toBe('v: "1.10"\n');
    expect(move("a.yml", "v: 27\n", "28", "v")).toBe("v: 28\n");
    expect(move("a.yml", "v: 1.9.0\n", "1.10.0", "v")).toBe("v: 1.10.0\n");
    expect(move("a.yml", "v: x2024-11-09\n", "2024-12-01", "v")).toBe('v: "2024-12-01"\n');
  });

  test("3.10 is read as 3.10", () => {
    expect(findPin("a.yml", "v: 3.10\n", "v").version).toBe("3.10");
  });
});

describe("what cannot be changed exactly is refused, with file and field", () => {
  test.each([
    ["no such key", "a.yml", "v: 1\n", "w", "a.yml has no w."],
    ["no variable named", "a.yml", "v: 1\n", undefined, "nobody said which variable"],
    ["twice in one map", "a.yml", "v: 1\nv: 2\n", "v", "a.yml:2: Map keys must be unique"],
    ["in two documents", "a.yml", "v: 1\n---\nv: 2\n", "v", "more than once: in lines 1, 3"],
    ["two ways to read a dotted key", "a.yml", "a: {b: 1}\na.b: 2\n", "a.b", "more than once"],
    ["an alias", "a.yml", "p: &x 1.0\nv: *x\n", "v", "a.yml:2: v: it is an alias of *x"],
    ["a block", "a.yml", "v: |\n  1.0\n", "v", "a block of text"],
    ["escapes", "a.yml", 'v: "1\\x2e0"\n', "v", "written with escapes"],
    ["two lines", "a.yml", "v: 1.0\n  and more\n", "v", "escapes, or over several lines"],
    ["a list", "a.yml", "v: [1]\n", "v", "a list or a map"],
    ["a template", "a.yml", 'v: "{{ other }}"\n', "v", "filled in from elsewhere"],
    [
      "Compose's variable",
      "compose.yaml",
      "services: {w: {image: 'web:$V'}}\n",
      "services.w.image",
      "filled in from elsewhere",
    ],
    ["a digest", "web.container", "[Container]\nImage=web@sha256:abcd\n", undefined, "held by a digest"],
    ["no tag", "web.container", "[Container]\nImage=docker.io/lib/web\n", undefined, "has no version"],
    ["empty", ".env", "V=\n", "V", "it is empty"],
    ["more than a version", ".env", "V=1.0 2.0\n", "V", "more than a version"],
    ["twice in lines", ".env", "V=1\nV=2\n", "V", "in lines 1, 2"],
    [
      "twice in a quadlet",
      "web.container",
      "[Container]\nImage=a:1\nImage=a:2\n",
      undefined,
      "in lines 2, 3",
    ],
    ["another quadlet", "web.container", "[Container]\nImage=web.image\n", undefined, "is another quadlet"],
    ["only in another section", "web.container", "[Service]\nImage=a:1\n", undefined, "has no Image"],
    ["a vault", "a.yml", "$ANSIBLE_VAULT;1.1;AES256\n6162\n", "v", "is encrypted"],
    ["a value of a vault", "a.yml", "v: !vault |\n  $ANSIBLE_VAULT;1.1\n", "v", "it is encrypted"],
    ["no version at all", "a.yml", "v: -rf\n", "v", "is no version"],
    ["broken YAML", "a.yml", "v: [1\n", "v", "a.yml:"],
  ] as const)("%s", (_, file, text, variable, why) => {
    expect(() => findPin(file, text, variable)).toThrow(why);
  });
});
