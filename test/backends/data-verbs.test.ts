import { describe, expect, it } from "vitest";
import { data as btrfs } from "../../src/backends/storage/btrfs/data.ts";
import { data as lvm } from "../../src/backends/storage/lvm/data.ts";
import { data as zfs } from "../../src/backends/storage/zfs/data.ts";
import { isExpected } from "../../src/plan/expected.ts";
import type { Step } from "../../src/plan/plan.ts";
import { type Answers, play } from "../operations/played.ts";

const tag = "scrap-20261121-1413-snapshot-web-x7k2.crash";

/** What lvs 2.03.31 says of a volume, its snapshot that has room left, and one that overflowed. */
const volumes = (...lines: readonly object[]) => JSON.stringify({ report: [{ lv: lines }], log: [] });
const line = (name: string, attributes: string, more: object = {}) => ({
  lv_name: name,
  vg_name: "vg0",
  lv_attr: attributes,
  lv_size: "41943040",
  pool_lv: "",
  origin: "",
  data_percent: "",
  lv_time: "2026-11-21 14:39:25 +0000",
  ...more,
});

describe("classic LVM", () => {
  const place = { kind: "lvm", name: "vg0/web" } as const;
  const volume: Answers = [
    [
      "lvs --reportformat json --units b --nosuffix -o lv_name,vg_name,lv_attr,lv_size,pool_lv,origin,data_percent,lv_time -- vg0/web",
      volumes(line("web", "owi-aos---")),
    ],
    ["findmnt -J", '{"filesystems":[{"target":"/srv/web","fstype":"ext4","options":"rw,relatime"}]}'],
  ];

  it("gives a snapshot room, and says when it ends", () => {
    const made = play(lvm.snapshot([place], "store", tag), [...volume, ["vgs", "  322961408\n"]]);
    expect(made).toMatchObject({
      isAtomic: true,
      notes: [expect.stringContaining("of no use any more once 32.0 MiB of the volume were written anew")],
      steps: [{ command: { argv: expect.arrayContaining(["-L", "33554432b", `web_${tag}`]) } }],
    });
  });

  it("makes none where there is no room, nor one whose name the kernel cannot hold", () => {
    expect(play(lvm.snapshot([place], "store", tag), [...volume, ["vgs", "  4194304\n"]])).toMatchObject({
      whyNot: "vg0 on store has only 4.0 MiB free: too little for a snapshot of vg0/web.",
    });
    const long = tag.replace("web", "web-with-a-very-long-name-that-somebody-thought-of-in-the-night");
    expect(play(lvm.snapshot([place], "store", long), volume)).toMatchObject({
      whyNot: expect.stringContaining("too long"),
    });
  });

  it("keeps no data that it could not put back: the snapshot takes room, too", () => {
    const answers = (free: number): Answers => [...volume, ["vgs", `  ${free}\n`]];
    const later = (free: number) => play(lvm.putBack([place], "store", tag, "aside", "later"), answers(free));
    expect(later(41_943_040)).toMatchObject({
      whyNot: "vg0 on store has only 40.0 MiB free, and to put vg0/web back takes 72.0 MiB.",
    });
    expect(later(75_497_472)).toHaveLength(13);
  });

  it("tells which one is full, and puts none such back", () => {
    const answers: Answers = [
      ...volume,
      [
        "lvs --reportformat json",
        volumes(
          line("web", "owi-aos---"),
          line(`web_${tag}`, "sri-I-s---", { origin: "web", data_percent: "100.00" }),
          line("web_of-somebody-else", "swi-a-s---", { origin: "web", data_percent: "1.00" }),
          line("website", "-wi-a-----"),
        ),
      ],
      ["vgs", "  322961408\n"],
    ];
    expect(play(lvm.listSnapshots([place], "store"), answers)).toEqual([
      {
        place,
        tag,
        createdAt: new Date("2026-11-21T14:39:25Z"),
        usedBytes: 41_943_040,
        invalid: "it is full: more than 40.0 MiB of vg0/web were written since",
      },
    ]);
    expect(play(lvm.putBack([place], "store", tag, "aside"), answers)).toMatchObject({
      whyNot: expect.stringContaining("of no use"),
    });
  });
});

describe("a snapshot counts as destroyed", () => {
  /** How its check takes an answer of the tool. */
  const takes = (steps: object, exitCode: number, stdout: string) => {
    const [step] = steps as readonly Step[];
    if (step?.done?.kind !== "command") throw new TypeError("It is seen by a command.");
    return isExpected(step.done.expect, exitCode, stdout.trim());
  };

  it("where its volume group does not have it, not where the group cannot be read", () => {
    const place = { kind: "lvm", name: "vg0/web" } as const;
    const steps = play(lvm.destroySnapshots([place], "store", [tag], "planned"), []);
    expect(steps).toMatchObject([
      {
        done: {
          command: {
            argv: ["lvs", "--noheadings", "-o", "lv_name", "-S", `lv_name="web_${tag}"`, "--", "vg0"],
          },
        },
      },
    ]);
    expect(takes(steps, 0, "")).toBe(true);
    expect(takes(steps, 0, `  web_${tag} \n`)).toBe(false);
    // Volume group "vg0" not found; Can't get lock for vg0; or whoever asks is not root.
    expect(takes(steps, 5, "")).toBe(false);
  });

  it("where its dataset is listed without it, not where the pool is not imported", () => {
    const place = { kind: "zfs", name: "tank/web" } as const;
    const steps = play(zfs.destroySnapshots([place], "store", [tag], "planned"), [
      ["zfs list -H -p -t filesystem,volume", "tank/web\tfilesystem\tyes\t/tank/web\ton\t-\n"],
    ]);
    expect(takes(steps, 0, "")).toBe(true);
    expect(takes(steps, 0, `tank/web@monday\ntank/web@${tag}x\n`)).toBe(true);
    expect(takes(steps, 0, `tank/web@monday\ntank/web@${tag}\n`)).toBe(false);
    // cannot open 'tank/web': dataset does not exist
    expect(takes(steps, 1, "")).toBe(false);
  });
});

describe("what is not put back", () => {
  const found = (name: string, mountpoint: 0 | string): Answers => [
    ["readlink", "/data/web\n"],
    ["btrfs subvolume show", `${name}\n\tName: \t\t\t${name}\n`],
    ["findmnt -J", mountpoint === 0 ? 1 : mountpoint],
  ];
  const mounted = `{"filesystems":[{"source":"/dev/sda1[/@web]","options":"rw,relatime,subvolid=257,subvol=/@web","uuid":"0be08c22-0aac-4895-838b-a74a55f52eec"}]}`;
  const listed: Answers = [["btrfs subvolume list -a -s", ""]];

  it.each([
    ["a whole file system", found("/", mounted), "is all of its file system"],
    [
      "what has subvolumes in it",
      [...found("web", 0), ["btrfs subvolume list -o", "ID 9 gen 1 top level 5 path web/cache\n"]],
      "has subvolumes inside it",
    ],
    [
      "what is mounted by an id that a copy does not have",
      [...found("@web", mounted), ["btrfs subvolume list -o", ""], ["findmnt -s", "noatime,subvolid=257\n"]],
      "mounts /data/web by its subvolid",
    ],
    [
      "what is not there",
      [...found("web", 0), ["btrfs subvolume list -o", ""], ...listed],
      `has no snapshot ${tag}`,
    ],
  ] as const)("btrfs: %s", (_, answers, why) => {
    const place = { kind: "btrfs", name: "/data/web" } as const;
    expect(play(btrfs.putBack([place], "vps1", tag, "aside"), answers)).toMatchObject({
      whyNot: expect.stringContaining(why),
    });
  });

  const dataset = (fields: string, ...below: readonly string[]): Answers => [
    ["zfs list -H -p -t filesystem,volume", `${fields}\n`],
    ["zfs list -H -r", `${[fields.split("\t")[0], ...below].join("\n")}\n`],
  ];

  it.each([
    ["tank", dataset("tank\tfilesystem\tyes\t/tank\ton\t-"), "is a whole pool"],
    [
      "tank/web",
      dataset("tank/web\tfilesystem\tyes\t/tank/web\ton\t-", "tank/web/cache"),
      "has datasets below it",
    ],
    ["tank/web", dataset("tank/web\tfilesystem\tyes\tlegacy\ton\t-"), "mountpoint=legacy"],
    ["tank/web", dataset("tank/web\tfilesystem\tyes\t/tank/web\ton\ttank/web"), "a key of its own"],
  ] as const)("zfs: %s, where it %#", (name, answers, why) => {
    const place = { kind: "zfs", name } as const;
    expect(play(zfs.putBack([place], "store", tag, "aside"), answers)).toMatchObject({
      whyNot: expect.stringContaining(why),
    });
  });

  it("and nothing that is held is destroyed", () => {
    const place = { kind: "zfs", name: "tank/web" } as const;
    const answers: Answers = [
      ...dataset("tank/web\tfilesystem\tyes\t/tank/web\ton\t-"),
      [
        "zfs list -H -p -d 1",
        `tank/web@${tag}\t1795198311\t98304\t1\t-\ntank/web@monday\t1795190000\t0\t0\t-\n`,
      ],
    ];
    expect(play(zfs.destroySnapshots([place], "store", [tag]), answers)).toMatchObject({
      whyNot: `tank/web@${tag} on store is held, or has clones.`,
    });
    expect(play(zfs.listSnapshots([place], "store"), answers)).toMatchObject([
      { tag, usedBytes: 98_304, isHeld: true },
      { tag: "monday", usedBytes: 0 },
    ]);
  });
});
