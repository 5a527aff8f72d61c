import { describe, expect, it } from "vitest";
import { leftovers, standInsFor } from "./stand-ins.ts";

const identity = new Map([
  ["/etc/machine-id", "0f3b9c0d5e6a47f18c2d3e4f5a6b7c8d\n"],
  [
    "/etc/passwd",
    "root:x:0:0:root:/root:/bin/sh\nmargarethe:x:1000:1000:Margarethe Muster,,,:/home/margarethe:/bin/sh\n",
  ],
  ["/proc/sys/kernel/hostname", "attic-nas\n"],
  ["/sys/block/sda/device/wwid", "t10.ATA     WDC WD40EFRX-68N32N0                     WD-WCC7K0ABCDEF\n"],
]);
const texts = [
  "attic-nas /home/margarethe WD-WCC7K0ABCDEF 192.168.178.20 fe80::5054:ff:fe12:3456 52:54:00:12:34:56",
  '{"serial_number":"S3Z9NB0K1234","wwn":{"naa":5,"oui":5358,"id":123456789012},"uuid":"6f9619ff-8b86-d011-b42d-00cf4fc964ff"}',
  "127.0.0.1 0.0.0.0:80 255.255.255.0 ::1 v1.2.3.4 20:19:41 0fc63daf-8483-4772-8e79-3d69d8477de4",
];

describe("what tells whose host it was", () => {
  const standIns = standInsFor("attic", identity, texts);
  const [first = "", second = "", third = ""] = texts.map(standIns.replace);

  it("is replaced by something as long, the same each time", () => {
    expect(first).not.toMatch(/attic|margarethe|WCC7K0|192\.168|fe80|52:54/);
    expect(second).not.toMatch(/S3Z9|123456789012|6f9619ff/);
    expect(first.length).toBe(texts[0]?.length);
    expect(second.length).toBe(texts[1]?.length);
    expect(standInsFor("attic", identity, texts).replace(texts.join("\n"))).toBe(
      [first, second, third].join("\n"),
    );
    expect(JSON.parse(second)).toMatchObject({ wwn: { naa: 5, id: expect.any(Number) } });
  });

  it("is replaced by addresses of documentation", () => {
    expect(first).toMatch(/ 198\.51\.100\.\d{3} 2001:db8::\S+ 00:00:5e:00:53:\w\w$/);
  });

  it("is not what says nothing about anybody", () => {
    expect(third).toBe(texts[2]);
  });

  it("is found when it is left over", () => {
    expect([first, second, third].flatMap((text) => leftovers(text, standIns))).toEqual([]);
    expect(leftovers("ata-WDC_wd-wcc7k0abcdef-part1", standIns)).not.toEqual([]);
    expect(leftovers("via 10.1.2.3", standIns)).toEqual(["10.1.2.3"]);
    expect(leftovers("lladdr 52:54:00:aa:bb:cc", standIns)).toEqual(["52:54:00:aa:bb:cc"]);
  });
});
