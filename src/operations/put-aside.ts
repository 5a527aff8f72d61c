import { askHosts, type Planning } from "../plan/planning.ts";
import type { Place } from "./places.ts";

/** Says what earlier restores put aside beside these places: it takes room, and who restores twice in a row should know. */
export function* sayPutAside(places: readonly Place[]): Planning<readonly string[]> {
  const answers = yield* askHosts(
    places.map(({ host, folder }) => ({
      host,
      command: { argv: ["sh", "-c", `ls -d -- "$1"_before_*`, "scrap", folder], asRoot: true },
    })),
  );
  return places.flatMap(({ host, folder }, index) => {
    const own = (answers[index]?.stdout ?? "").split("\n").filter((path) => path.startsWith(`${folder}_`));
    const kept = own.filter((path) => suffix.test(path.slice(folder.length))).toSorted();
    const newest = kept.at(-1);
    if (newest === undefined) return [];
    const others = kept.length > 1 ? `, and ${kept.length - 1} older` : "";
    return [`What an earlier restore put aside on ${host} is there still: ${newest}${others}.`];
  });
}

/** As the id of an operation is made: a host says what lies there. */
const suffix = /^_before_\d{8}-\d{4}-[\w.-]+$/;
