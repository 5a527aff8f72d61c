import type { RunStep } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { readNotes } from "./notes.ts";

/** That a repository was checked by its own tool. Kept on the host that did it, for any machine to read. */
export interface Verified {
  readonly repository: string;
  readonly at: string;
  readonly result: "well" | "damaged";
  /** All was read, not only seen to be there. */
  readonly readData: boolean;
}

const folder = "/var/lib/scrap/verified";

/** What is known of each repository, by its name. What only reading all of it showed, only reading all of it can take back. */
export function* verifiedOf(hosts: readonly string[]): Planning<ReadonlyMap<string, Verified>> {
  const { lines } = yield* readNotes(hosts, folder);
  const all = lines.flatMap(parse).toSorted((a, b) => b.at.localeCompare(a.at));
  return new Map(
    [...Map.groupBy(all, ({ repository }) => repository)].flatMap(([name, known]) => {
      const read = known.find(({ readData }) => readData);
      const said = read?.result === "damaged" ? read : known[0];
      return said ? [[name, said] as const] : [];
    }),
  );
}

function parse(line: string): readonly Verified[] {
  try {
    const { repository, at, result, readData } = JSON.parse(line);
    const isKnown = typeof repository === "string" && !Number.isNaN(Date.parse(at));
    return isKnown && (result === "well" || result === "damaged")
      ? [{ repository, at, result, readData: readData === true }]
      : [];
  } catch {
    return [];
  }
}

/** The same step, which writes down what came of it: well, or damaged where it ends with `damagedCode`. */
export function noting(step: RunStep, repository: string, readData: boolean, damagedCode: number): RunStep {
  const { command } = step;
  const file = `${folder}/${repository}/${readData ? "data" : "structure"}`;
  const about = JSON.stringify({ repository, readData }).slice(0, -1);
  return {
    ...step,
    command: {
      ...command,
      argv: ["sh", "-c", noteScript, "scrap", file, about, `${damagedCode}`, ...command.argv],
    },
  };
}

const noteScript = `file=$1 about=$2 damaged=$3; shift 3; "$@"; code=$?; case $code in 0) result=well ;; "$damaged") result=damaged ;; *) exit "$code" ;; esac; mkdir -p "\${file%/*}" && printf '%s,"result":"%s","at":"%s"}\\n' "$about" "$result" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$file.new" && mv "$file.new" "$file" || exit; exit "$code"`;
