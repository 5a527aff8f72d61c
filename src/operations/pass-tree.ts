import { oneReceiver } from "../backends/storage/one-receiver.ts";
import { passOn } from "../plan/pass-on.ts";
import type { Step } from "../plan/plan.ts";

interface Side {
  readonly host: string;
  readonly path: string;
}

/**
 * All files of a folder to an empty one, from whatever file system to whatever other: with their owners, modes, times and
 * attributes. What arrives is held against digests of what is there, and what is in the folder from a try before goes.
 */
export const passTree = (
  { id, title, mark }: { readonly id: string; readonly title: string; readonly mark: string },
  from: Side,
  to: Side,
): Step =>
  passOn({
    id,
    title,
    host: to.host,
    command: { argv: ["sh", "-c", takeScript, "scrap", to.path, mark], asRoot: true },
    from: { host: from.host, command: { argv: ["sh", "-c", giveScript, "scrap", from.path], asRoot: true } },
  });

/** What each file is, apart from its contents: of folders no time, and of links no mode. */
const describe = [
  `sums() { find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum --; };`,
  `tree() { find . ! -type s \\( -type f -printf 'f %m %U:%G %T@ %p\\0' -o -type l -printf 'l %U:%G %p -> %l\\0' -o -printf '%y %m %U:%G %p\\0' \\) | LC_ALL=C sort -z; };`,
  `t=$(mktemp -d) && trap 'rm -rf "$t"' EXIT || exit;`,
].join(" ");

/** How long both lists are, the lists, and then the files. */
const giveScript = [
  describe,
  `cd -- "$1" && sums >"$t/sums" && tree >"$t/tree" && echo "$(wc -c <"$t/sums") $(wc -c <"$t/tree")" && cat "$t/sums" "$t/tree" &&`,
  `tar -c --format=posix --numeric-owner --xattrs --xattrs-include='*' --acls -S -f - .`,
].join(" ");

const takeScript = [
  oneReceiver,
  describe,
  `end_other "$2" && cd -- "$1" && find . -xdev -mindepth 1 -delete || exit;`,
  `read -r n m && [ "$n" ] && [ "$m" ] || { echo "nothing came" >&2; exit 1; };`,
  `head -c "$n" >"$t/sums"; head -c "$m" >"$t/tree";`,
  // ZFS keeps none unless told to: tar would complain of each file.
  `a=--acls; case ,$(findmnt -n -o OPTIONS -T . 2>/dev/null), in *,noacl,*) a=; echo "no ACLs are set: the file system here keeps none" ;; esac;`,
  `take "$2" tar -x -p --numeric-owner --xattrs --xattrs-include='*' $a -f - || exit; cat >/dev/null;`,
  `[ "$(wc -c <"$t/sums") $(wc -c <"$t/tree")" = "$n $m" ] || { echo "the list of files is cut off" >&2; exit 1; };`,
  `[ ! -s "$t/sums" ] || sha256sum -c --quiet --strict "$t/sums" || exit;`,
  `tree >"$t/now" && cmp -s "$t/tree" "$t/now" || { tr '\\0' '\\n' <"$t/tree" >"$t/a"; tr '\\0' '\\n' <"$t/now" | diff "$t/a" - | head -n 6 >&2; echo "not what it was" >&2; exit 1; };`,
  `sync -f . 2>/dev/null || sync; echo "all files are as they were: $(($(wc -l <"$t/sums")))"`,
].join(" ");
