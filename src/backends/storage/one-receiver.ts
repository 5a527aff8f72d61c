/**
 * For what gets a stream: `end_other MARK` ends who got it before, was cut off, and may still wait for more; `take MARK
 * COMMAND…` runs what gets it now.
 */
export const oneReceiver = [
  `since() { { read -r s <"/proc/$1/stat"; } 2>/dev/null && set -- \${s##*) } && echo "\${20}"; };`,
  `end_other() { mkdir -p -m 700 /run/scrap; [ -e "$1" ] && read -r p a <"$1" || return 0; i=0; while [ $i -lt 20 ] && [ "$(since "$p")" = "$a" ]; do kill -$([ $i -lt 10 ] && echo TERM || echo KILL) "$p" 2>/dev/null; sleep 1; i=$((i+1)); done; [ "$(since "$p")" != "$a" ] || { echo "what got it before does not end: process $p" >&2; return 1; }; rm -f "$1"; };`,
  `take() { k=$1; shift; exec 3<&0; "$@" <&3 3<&- & p=$!; echo "$p $(since $p)" >"$k"; wait $p; c=$?; rm -f "$k"; return $c; };`,
].join(" ");
