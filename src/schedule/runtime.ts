import { keptRuns, recordsFolder } from "../backends/backup/schedule/probes.ts";
import { held, hostFolder, look, scheduleOwner } from "../execute/host-scripts.ts";
import { giveLock, takeLock } from "../execute/lock-scripts.ts";

/**
 * What every job on a host's own schedule does around its steps: it is a job as ours are, holds the lock as an operation
 * does, walks back as a plan does, and leaves a record. Expects `name what title ping patience`, and the functions of the
 * steps.
 */
export const runtime = `
export LC_ALL=C TZ=UTC HOME="\${HOME:-/root}" PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; umask 022
case $0 in /*) self=$0 ;; *) self=$(readlink -f "$0") ;; esac; cd /
jobs=${hostFolder}/jobs records=${recordsFolder} owner=${scheduleOwner}
why= failed= warned= told=

${look.trim()}
${held.trim()}
has() { command -v "$1" >/dev/null 2>&1; }
now() { date +%s; }
one_line() { tr '\\t\\n' '  ' | tr -d '\\000-\\037\\177' | cut -c 1-400; }
trimmed() { sed -e '1s/^[[:space:]]*//' -e '$s/[[:space:]]*$//'; }
note() { printf '%s\\n' "$1"; printf '%s\\n' "$1" >>"$j/out"; }

# Checks: by the exit code, or by what a command says.
exits() { want=$1; shift; "$@" >/dev/null 2>&1; [ $? = "$want" ]; }
says() {
  how=$1 want=$2; shift 2
  said=$("$@" 2>/dev/null) || return 1
  said=$(printf '%s\\n' "$said" | trimmed)
  case $how in
    =) [ "$said" = "$want" ] ;;
    !=) [ "$said" != "$want" ] ;;
    without) ! printf '%s\\n' "$said" | grep -Fxq -- "$want" ;;
    lacking) ! printf '%s\\n' "$said" | grep -Eq -- "$want" ;;
    *) printf '%s\\n' "$said" | grep -Eq -- "$want" ;;
  esac
}
wait_until() {
  till=$(($(now) + $2)) since= seen=
  while :; do
    if "well_$1"; then
      is=$("life_$1" 2>/dev/null)
      [ "$since" ] && [ "$is" = "$seen" ] || { since=$(now); seen=$is; }
      [ $(($(now) - since)) -ge "$3" ] && return 0
    else since=; fi
    [ "$(now)" -ge "$till" ] && return 1
    sleep 1
  done
}

# Takes step $1, unless it is done already. Says in \`why\` what kept it.
take() {
  say=$("say_$1")
  ! has "needs_$1" || "needs_$1" || { why="$say: what it needs is not there"; return 1; }
  has "done_$1" && "done_$1" && return 0
  note "$say"
  ! has "undo_$1" || { echo "$1" >>"$j/begun" && sync "$j/begun" 2>/dev/null || sync; }
  why=
  "step_$1" >"$j/step" 2>&1 </dev/null
  code=$?
  cat "$j/step" >>"$j/out"
  if has "judge_$1"; then "judge_$1"; else [ $code = 0 ]; fi || { [ $code != 124 ] || why='it took too long'; why="$say: \${why:-exit $code}$(last_line "$1")"; return 1; }
  ! has "done_$1" || "done_$1" || { why="$say: exit 0, but it is not done"; return 1; }
  eval "[ -z \\"\\$commit_$1\\" ]" || { : >"$j/commit"; sync "$j/commit" 2>/dev/null || sync; }
}
# What the user's own commands say is not for everybody to read.
last_line() { eval "[ \\"\\$quiet_$1\\" ]" || grep -v '^[[:space:]]*$' "$j/step" | tail -n 1 | sed 's/^{.*"message":"\\([^"\\\\]*\\).*/\\1/; s/^/; /' | cut -c 1-200; }

# Takes all of these steps. Past the point of no return it goes on whatever fails: what sleeps has to wake.
go() {
  wrong=
  for step do
    [ "$on_way_back" ] || echo "$step" >"$j/at"
    take "$step" && continue
    if eval "[ \\"\\$optional_$step\\" ]"; then warned="$warned; $why"; continue; fi
    failed=\${failed:-$why} wrong=1
    [ -e "$j/commit" ] || return 1
  done
  [ -z "$wrong" ]
}

# Ends what was begun and not ended: back to where it was, or on, where that is how nothing stays asleep.
settle() {
  [ ! -e "$j/over" ] || return 0
  if [ -e "$j/commit" ]; then
    at=$(cat "$j/at") left= seen=
    for step in $(cat "$j/steps"); do [ "$step" = "$at" ] && seen=1; [ "$seen" ] && left="$left $step"; done
    go $left
  else
    on_way_back=1
    for step in $(sed '1!G;h;$!d' "$j/begun" 2>/dev/null); do "undo_$step" || failed="$failed; the way back failed, too: $why"; done
    on_way_back=
  fi
  : >"$j/over"
}

# Runs of this job that were cut off, by a power cut or a kill.
cut_off() {
  for old in "$jobs"/*.run; do
    [ -e "$old/command" ] && [ ! -e "$old/exit" ] && [ "$(head -n 1 "$old/command")" = "$begun_as" ] || continue
    was=\${old##*/}; was=\${was%.run}
    [ "$was" = "$id" ] || [ "$(state "$was.run" 2>/dev/null)" = running ] || echo "$was"
  done
}
# Each is put right by the program that it was: this one may have other steps. We hold the host meanwhile.
mend() {
  for was in $(cut_off); do
    if [ -e "$jobs/$was.run/script" ]; then
      sh "$jobs/$was.run/script" settle "$was"
      continue
    fi
    (
      id=$was j=$jobs/$was.run
      [ ! -e "$j/out" ] || record 137 'it was cut off before its end, and nothing tells how it is put right: look at its service'
      over 137
    )
  done
}

lock() ( set -- "$id" "$owner" "$title on its schedule"
${takeLock.trim()}
)
unlock() ( set -- "$id" "$id.run"
${giveLock.trim()}
)
record() {
  f=$records/$name.runs
  # It was cut off after that.
  ! cut -f 1 "$f" 2>/dev/null | grep -Fxq -- "$id" || return 0
  { printf '%s\\t%s\\t%s\\t%s\\t%s\\n' "$id" "$(sed -n 3p "$j/about")" "$(now)" "$1" "$(printf %s "$2" | one_line)"; head -n ${keptRuns - 1} "$f" 2>/dev/null || :; } >"$f.new" && chmod 644 "$f.new" && mv "$f.new" "$f"
}
# Who knows the address can speak for us: it stands in no list of processes and in no record.
tell() {
  [ "$ping" ] || return 0
  if has curl; then printf 'url = "%s"\\n' "$(printf %s "$ping$1" | sed 's/[\\\\"]/\\\\&/g')" | curl -fsSg -m 10 -o /dev/null -K -
  elif has wget && wget --version; then printf '%s\\n' "$ping$1" | timeout 30 wget -nv -t 1 -T 10 -O /dev/null -i -
  # That of BusyBox reads none, and some of them crash of -T.
  elif has wget; then timeout 30 wget -q -O /dev/null "$ping$1" </dev/null
  else echo 'neither curl nor wget is there'; false; fi >"$j/ping" 2>&1 && return 0
  case $warned in *'its ping did not arrive'*) return 0 ;; esac
  warned="$warned; its ping did not arrive: $(grep . "$j/ping" | tail -n 1 | sed 's|[A-Za-z]*://[^[:space:]]*|its address|g')"
}
# The last that is written of a run.
over() { rm -f "$j/step" "$j/script"; echo "$1" >"$j/exit.new" && mv "$j/exit.new" "$j/exit"; }

finish() {
  end=$?
  trap '' TERM INT HUP; trap - EXIT
  [ $end = 0 ] || failed=\${failed:-\${why:-exit $end}}
  [ $end = 0 ] || [ -z "$is_held" ] || settle
  [ $end = 0 ] || note "It failed: $failed"
  rm -f "$j/step"
  if [ "$told" ]; then [ $end = 0 ] && tell "" || tell /fail; fi
  [ -z "$warned" ] || note "But \${warned#; }"
  if [ $end = 0 ]; then message="done$warned"; else message="$failed$warned"; fi
  record $end "$message" || { echo "its record cannot be written" >&2; [ $end != 0 ] || end=74; }
  # As long as it has the host it is alive: who is not, has lost it.
  [ -z "$is_held" ] || unlock 2>/dev/null
  over $end
  exit $end
}

# Makes a job of it.
begin() {
  read -r salt </proc/sys/kernel/random/uuid; salt=\${salt%%-*}; salt=\${salt#????}
  id=$(date -u +%Y%m%d-%H%M)-$what-$word-$salt j=$jobs/$id.run begun_as=$self
  (umask 077; mkdir -p "$jobs" && mkdir "$j") || exit 74
  printf '%s\\n' "$id" "$owner" "$(now)" >"$j/about"
  read -r boot </proc/sys/kernel/random/boot_id; read -r stat <"/proc/$$/stat"; set -- \${stat##*) }
  echo "$$ \${20} $boot" >"$j/started"
  # Last: who looks for what was cut off finds it by that.
  printf '%s\\n' "$self" >"$j/command"
  find "$jobs" -mindepth 1 -maxdepth 1 -name "*-$what-$word-????.run" -mtime +7 -exec test -e '{}/exit' ';' -exec rm -rf {} ';'
}
# Waits for the host, up to $1 seconds.
hold() {
  till=$(($(now) + $1))
  until lock >"$j/lock" 2>&1; do
    code=$?
    [ $code = 76 ] || { why="the host cannot be held: $(tail -n 1 "$j/lock")"; return $code; }
    [ "$(now)" -lt "$till" ] || { why="the host was held all the time: $(sed -n 3p "$j/lock") ($(sed -n 1p "$j/lock")). It tries again at its next time"; return 75; }
    sleep 5
  done
  is_held=1
}

main() {
  case $1 in
    "")
      begin
      told=1
      trap finish EXIT; trap 'why="it was told to stop"; exit 143' TERM INT HUP
      # What it does stays as it is, whatever is put in the place of this file meanwhile.
      cp "$self" "$j/script" 2>"$j/step" && { sync "$j/script" "$j" 2>/dev/null || sync; } || { why="it cannot begin: $(tail -n 1 "$j/step")"; exit 74; }
      exec sh "$j/script" run "$id" "$self"
      ;;
    run)
      id=$2 j=$jobs/$2.run begun_as=$3 told=1
      trap finish EXIT; trap 'why="it was told to stop"; exit 143' TERM INT HUP
      hold $patience || exit
      mend
      tell /start
      steps=$(choose); echo "$steps" >"$j/steps"
      go $steps || { [ ! -e "$j/commit" ] || : >"$j/over"; exit 1; }
      : >"$j/over"
      ! has prune || prune || { failed="what it was for is done, but the old snapshots could not be pruned: $why"; exit 1; }
      ;;
    settle)
      id=$2 j=$jobs/$2.run
      if [ -e "$j/out" ]; then
        note "It was cut off before its end"
        settle
        record 137 "it was cut off before its end$failed"
      fi
      over 137
      ;;
    mend)
      # Under a name of its own: the lock of a dead one is free to all. Who holds the host long leaves it to the next run.
      begun_as=$self id=
      [ "$(cut_off)" ] || exit 0
      begin
      trap 'end=$?; trap - EXIT; [ -z "$is_held" ] || unlock 2>/dev/null; over $end; exit $end' EXIT; trap 'exit 143' TERM INT HUP
      hold 60 && mend
      ;;
  esac
}
`;
