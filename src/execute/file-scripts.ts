import { held, hostFolder, note } from "./host-scripts.ts";

/**
 * Goes into folder $1 for the sake of user $2, whose things are put there: whoever moves it away from now on moves us with
 * it. Ends with 77 where a link leads to somebody else's, or everybody may change what is in it.
 */
const enter = `
enter() {
  cd -P "$1" || exit 73
  mode=$(stat -c %a .)
  [ "$(pwd -P)" = "$1" ] || [ "$(stat -c %u .)" = "$2" ] || { echo "$1 leads to $(pwd -P), which belongs to somebody else" >&2; exit 77; }
  case $mode in [1357]???) ;; *[2367]) echo "$1 may be written by everybody" >&2; exit 77 ;; esac
}
`;

/**
 * Puts $1, which is root's alone, in the place of $2: whole or not at all, and through no link that somebody else laid. It
 * is made in a folder that is root's alone, in which we stand, and goes from there to the folder that we were in before.
 */
const place = `
place() {
  enter "$(dirname "$2")" "$(stat -c %u "$1")"
  exec 9<.
  out=/proc/$$/fd/9
  rm -f ./.scrap-new 2>/dev/null
  mkdir -m 700 ./.scrap-new 2>/dev/null
  cd ./.scrap-new 2>/dev/null && [ .. -ef $out ] && [ "$(stat -c %u:%a .)" = "$(id -u):700" ] || { echo "$(dirname "$2")/.scrap-new is in the way" >&2; exit 77; }
  drop() { rm -f ./new; cd /; rmdir $out/.scrap-new; exec 9<&-; }
  rm -f ./new
  cp -pP "$1" ./new || { echo "$2 is as it was" >&2; drop; exit 74; }
  sync ./new 2>/dev/null || sync
  mv -fT ./new "$out/\${2##*/}" 2>/dev/null || mv -f ./new "$out/\${2##*/}" || { drop; exit 74; }
  sync $out 2>/dev/null || sync
  drop
}
`;

/** Keeps in $1 what is at $2, once: as `was`, or as `none` where nothing is. */
const keep = `
keep() {
  mkdir -p "$1" || exit
  if ! [ -L "$1/was" ] && ! [ -e "$1/was" ] && ! [ -e "$1/none" ]; then
    if [ -e "$2" ] || [ -L "$2" ]; then cp -pP "$2" "$1/was.new" && mv "$1/was.new" "$1/was"; else : >"$1/none"; fi || exit
    sync "$1/was" "$1" 2>/dev/null || sync
  fi
}
`;

/** Are $1 and $2 the same, with mode and owner? Two links are, where they lead to the same. */
const same = `
same() {
  if [ -L "$1" ]; then [ -L "$2" ] && [ "$(readlink "$1")" = "$(readlink "$2")" ]; return; fi
  ! [ -L "$2" ] && [ -f "$2" ] && [ "$(stat -c %a:%u:%g "$1")" = "$(stat -c %a:%u:%g "$2")" ] && cmp -s "$1" "$2"
}
`;

/** Takes the file $1 away, where there is one. */
const remove = `
remove() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  enter "$(dirname "$1")" "$(stat -c %u "$1")"
  rm -f "./\${1##*/}" || exit
  sync . 2>/dev/null || sync
}
`;

/**
 * Puts what comes on standard input at $3 with mode $4 and owner $5, for operation $1. What was there is kept in
 * `kept/OPERATION/STEP` first, once: `was` or `none`. Step is $2. Folders that are missing belong to the owner, too.
 */
export const uploadScript = `${held}${note}${enter}${keep}${place}
held "$1"
umask 077
[ -d "$3" ] && ! [ -L "$3" ] && { echo "$3 is a directory" >&2; exit 73; }
k=${hostFolder}/kept/$1/$2
note "$1"
keep "$k" "$3"
cat >"$k/new" && chmod "$4" "$k/new" && chown "$5" "$k/new" || { rm -f "$k/new"; exit 74; }
u=$(stat -c %u "$k/new")
make() { [ -d "$1" ] || { make "$(dirname "$1")" "$2" && enter "$(dirname "$1")" "$u" && mkdir -m 755 "./\${1##*/}" && chown -h "$2" "./\${1##*/}"; }; }
make "$(dirname "$3")" "$5" || exit
place "$k/new" "$3"
rm -f "$k/new"
`;

/** Takes the file $3 away for step $2 of operation $1, which keeps what it was as an upload does. */
export const takeAwayScript = `${held}${note}${enter}${keep}${remove}
held "$1"
umask 077
[ -d "$3" ] && ! [ -L "$3" ] && { echo "$3 is a directory" >&2; exit 73; }
note "$1"
keep "${hostFolder}/kept/$1/$2" "$3"
remove "$3"
`;

/**
 * Puts back at $3 what step $2 of operation $1 found there. Where that is not kept, it ends with 78; unless nobody heard
 * that the file was put there ($5 is `begun`) and what is there is not that of digest $4: then it never was. What is there
 * already is not written again: on a full disk there may be no room for it.
 */
export const putBackScript = `${held}${note}${enter}${remove}${place}${same}
held "$1"
umask 077
k=${hostFolder}/kept/$1/$2
if { [ -e "$k/was" ] || [ -L "$k/was" ]; } && same "$k/was" "$3"; then exit 0
elif [ -e "$k/was" ] || [ -L "$k/was" ]; then note "$1"; place "$k/was" "$3"
elif [ -e "$k/none" ]; then note "$1"; remove "$3"
else
  [ "$5" = begun ] && [ "$(sha256sum 2>/dev/null <"$3")" != "$4  -" ] && exit 0
  echo "what was at $3 is not kept any more" >&2
  exit 78
fi
`;
