import { known } from "../../known.ts";
import { parseNumber, unreadable } from "../../parse.ts";
import { firstSentence, type Pool, type Scan, type Vdev } from "./pool.ts";

/** `zpool status -p` for people, as it is up to OpenZFS 2.2. No pool is an empty list. */
export function parseStatusText(text: string): readonly Pool[] {
  return text
    .split(/^ *pool: /m)
    .slice(1)
    .map((section) => toPool(`pool: ${section}`));
}

function toPool(section: string): Pool {
  const fields = toFields(section);
  const name = fields.get("pool");
  const state = fields.get("state");
  if (!name || !state || !fields.has("config") || !fields.has("errors"))
    throw unreadable("Not the status of a pool", section);
  const status = fields.get("status");
  return known({
    name,
    state,
    fault: status && fields.has("see") ? firstSentence(status) : undefined,
    scan: toScan(fields.get("scan") ?? ""),
    dataErrors: parseNumber(/^(\d+) data errors/.exec(fields.get("errors") ?? "")?.[1]) ?? 0,
    ...toVdevs(name, fields.get("config") ?? ""),
  });
}

/** `title: text`; what follows is indented by a tab. */
function toFields(section: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let title = "";
  for (const line of section.split("\n")) {
    const [, start, text = ""] = /^ *([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (start) title = start;
    fields.set(title, start ? text : `${fields.get(title) ?? ""}\n${line}`);
  }
  return fields;
}

const heading = /^\t(?:logs|special|dedup|cache|spares)\s*$/;
const row = /^\t( *)(\S+) +([A-Z]+)(?: +(\d+) +(\d+) +(\d+))?(?: +(.*))?$/;

interface Growing {
  readonly indent: number;
  readonly children: Vdev[];
}

/** Two blanks more are one storey further down. */
function toVdevs(pool: string, config: string): Pick<Pool, "vdevs" | "beside"> {
  const vdevs: Vdev[] = [];
  const beside: Vdev[] = [];
  let open: Growing[] = [];
  for (const line of config.split("\n")) {
    if (heading.test(line)) open = [{ indent: 0, children: beside }];
    const [, blanks, name, state, read, write, checksum, note] = row.exec(line) ?? [];
    if (blanks === undefined || name === undefined || state === undefined || state === "STATE") continue;
    if (name === pool && blanks === "") {
      open = [{ indent: 0, children: vdevs }];
      continue;
    }
    const children: Vdev[] = [];
    open = open.filter(({ indent }) => indent < blanks.length);
    open.at(-1)?.children.push({
      name: /^was (\S+)/.exec(note ?? "")?.[1] ?? name,
      state,
      errors: { read: Number(read ?? 0), write: Number(write ?? 0), checksum: Number(checksum ?? 0) },
      children,
    });
    open.push({ indent: blanks.length, children });
  }
  return { vdevs, beside };
}

/** `scrub repaired 0B in 00:00:01 with 0 errors on Sun Nov  8 00:24:02 2026`, or the progress of one. */
function toScan(text: string): Scan | undefined {
  const doing = /^\s*(scrub|resilver)/.exec(text)?.[1];
  if (doing !== "scrub" && doing !== "resilver") return undefined;
  const percent = /([\d.]+)% done/.exec(text)?.[1];
  const [, days = "0", hours, minutes, seconds] =
    /(?:(\d+) days )?(\d+):(\d\d):(\d\d) to go/.exec(text) ?? [];
  const ended = / on (\w{3} \w{3} +\d+ [\d:]+ \d{4})/.exec(text)?.[1];
  return known({
    doing,
    isRunning: /\bin progress\b/.test(text),
    doneRatio: percent === undefined ? undefined : Number(percent) / 100,
    leftMs:
      hours === undefined
        ? undefined
        : (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000,
    endedAt: ended === undefined ? undefined : new Date(`${ended} UTC`).toISOString(),
  });
}
