import { held, hostFolder, note } from "./host-scripts.ts";

/** Puts $1, which is root's alone, in the place of $2: whole or not at all, and through no link that somebody else laid. */
const place = `
place() {
  n=$2.scrap-new
  cp -pP --remove-destination "$1" "$n" 2>/dev/null || { rm -f "$n" && cp -pP "$1" "$n"; } || { rm -f "$n"; exit 74; }
  sync "$n" 2>/dev/null || sync
  mv -fT "$n" "$2" 2>/dev/null || mv -f "$n" "$2" || { rm -f "$n"; exit 74; }
  sync "$(dirname "$2")" 2>/dev/null || sync
}
`;

/**
 * Puts what comes on standard input at $3 with mode $4 and owner $5, for operation $1. What was there is kept in
 * \`kept/OPERATION/STEP\` first, once: \`was\` or \`none\`. Step is $2. Folders that are missing belong to the owner, too.
 */
export const uploadScript = `${held}${note}${place}
held "$1"
umask 077
[ -d "$3" ] && ! [ -L "$3" ] && { echo "$3 is a directory" >&2; exit 73; }
k=${hostFolder}/kept/$1/$2
mkdir -p "$k" || exit
note "$1"
if ! [ -L "$k/was" ] && ! [ -e "$k/was" ] && ! [ -e "$k/none" ]; then
  if [ -e "$3" ] || [ -L "$3" ]; then cp -pP "$3" "$k/was.new" && mv "$k/was.new" "$k/was"; else : >"$k/none"; fi || exit
  sync "$k/was" "$k" 2>/dev/null || sync
fi
cat >"$k/new" && chmod "$4" "$k/new" && chown "$5" "$k/new" || { rm -f "$k/new"; exit 74; }
make() { [ -d "$1" ] || { make "$(dirname "$1")" "$2" && mkdir -m 755 "$1" && chown -h "$2" "$1"; }; }
make "$(dirname "$3")" "$5" || exit
place "$k/new" "$3"
rm -f "$k/new"
`;

/** Puts back at $3 what step $2 of operation $1 found there. */
export const putBackScript = `${held}${note}${place}
held "$1"
umask 077
note "$1"
k=${hostFolder}/kept/$1/$2
if [ -e "$k/was" ] || [ -L "$k/was" ]; then place "$k/was" "$3"
elif [ -e "$k/none" ]; then rm -f "$3" || exit; sync "$(dirname "$3")" 2>/dev/null || sync
fi
`;
