import { held, hostFolder, look, note, secretsFolder } from "./host-scripts.ts";

/** What a `check` exits with when it holds: half of one does not. */
export const holds = 9;

/**
 * The job itself, kept beside its command. Whoever links \`started\` first is the one: submitted twice is run once. The
 * exit code is on disk before it has its name; where there is no room for it, there is none. Where it has a \`check\`, that
 * is asked next; when it holds, the job named in \`next\` follows, if it was laid down whole, which a loss of power may have
 * prevented, and the operation still holds the host.
 */
const runner = `j=$1
trap : TERM
export LC_ALL=C TZ=UTC HOME="\${HOME:-/root}" PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; cd /; umask 022
read -r boot </proc/sys/kernel/random/boot_id
read -r stat </proc/$$/stat
set -- \${stat##*) }
while :; do
  echo $$ \${20} $boot >"$j/who.$$" && ln "$j/who.$$" "$j/started" 2>/dev/null || exit 0
  sync "$j/started" "$j" "\${j%/*}" 2>/dev/null || sync
  s=${secretsFolder}/\${j##*/}
  for f in "$s"/*; do [ -f "$f" ] && IFS= read -r v <"$f" && export "\${f##*/}=$v"; done
  v=; [ -d "$s" ] && rm -rf "$s"
  sh "$j/command" >"$j/out" 2>&1 </dev/null
  code=$?
  # Submitted once more meanwhile, it was given them once more.
  [ -d "$s" ] && rm -rf "$s"
  [ -e "$j/input" ] && rm -f "$j/input"
  echo $code >"$j/exit.new" || exit
  sync "$j/exit.new" 2>/dev/null || sync
  mv "$j/exit.new" "$j/exit"
  sync "$j" 2>/dev/null || sync
  [ $code = 0 ] && [ -e "$j/check" ] || exit 0
  sh "$j/check" >/dev/null 2>&1 </dev/null
  [ $? = ${holds} ] && word=checked || word=unchecked
  echo $word >"$j/checked.new" && mv "$j/checked.new" "$j/checked" && [ $word = checked ] || exit 0
  read -r next <"$j/next" && j=\${j%/*}/$next || exit 0
  l= of= laid=; read -r l <${hostFolder}/lock; { read -r of; read -r by; read -r at; read -r laid; } <"$j/about"
  [ "$l" = "$of" ] && [ "$laid" = "$boot" ] || exit 0
done
`;

/** Keeps the lines `NAME=value` before the first empty one of standard input for job $1. */
const keepSecrets = `
keep_secrets() (
  umask 077; s=${secretsFolder}/$1
  while IFS= read -r line && [ "$line" ]; do
    [ "$(stat -f -c %T /run)" = tmpfs ] || { echo "/run is no file system in memory: a secret would be on disk" >&2; exit 77; }
    mkdir -p ${secretsFolder} "$s" && printf '%s\\n' "\${line#*=}" >"$s/\${line%%=*}" || exit
  done
)
`;

/** Nothing of another operation than $1 is kept for ever: a job 7 days, a file as it was before 30. */
const forget = `
forget() {
  { find ${hostFolder}/jobs -mindepth 1 -maxdepth 1 -mtime +7; find ${hostFolder}/kept -mindepth 1 -maxdepth 1 -mtime +30; } 2>/dev/null |
    while read -r old; do
      case \${old##*/} in
        "$1"|"$1".*) continue ;;
        # Of its own schedule, and cut off: its next run settles that.
        *.run) [ -e "$old/exit" ] || continue ;;
      esac
      [ "$(state "\${old##*/}")" = running ] || rm -rf "$old"
    done
}
`;

/**
 * Submits job $1 of operation $2 for owner $3, reading its secrets, an empty line and the command from standard input,
 * and then looks at it: $4 is how long.
 */
export const submitScript = `${held}${look}${note}${forget}${keepSecrets}
held "$2"
umask 077
j=${hostFolder}/jobs/$1
mkdir -p ${hostFolder}/jobs || exit
forget "$2"
if ! [ -e "$j/started" ]; then
  note "$2"
  mkdir -p "$j" && printf '%s\\n' "$2" "$3" "$(date +%s)" >"$j/about" && keep_secrets "$1" && cat >"$j/command.$$" && mv "$j/command.$$" "$j/command" || exit
  cat >"$j/run" <<'END'
${runner}END
  [ $? = 0 ] || exit
  if [ -d /run/systemd/system ]; then
    systemd-run --quiet --collect --unit="scrap-$1-$$" --property=KillMode=process /bin/sh "$j/run" "$j" || exit
  else
    setsid sh "$j/run" "$j" </dev/null >/dev/null 2>&1 &
  fi
fi
look "$1" 0 "$4"
`;

/**
 * Lays down parts of jobs of operation $1 for owner $2, none of which begins by that: of standard input the lines $4 to $5
 * into the file $3, named \`JOB/PART\`; and so on. What has begun is left as it is.
 */
export const prepareScript = `${held}
held "$1"
umask 077
b=${hostFolder}/jobs of=$1 by=$2; shift 2
read -r boot </proc/sys/kernel/random/boot_id
mkdir -p $b && cat >$b/.lines.$$ || { rm -f $b/.lines.$$; exit 74; }
while [ $# -gt 0 ]; do
  j=$b/\${1%/*}
  if ! [ -e "$j/started" ]; then
    mkdir -p "$j" && printf '%s\\n' "$of" "$by" "$(date +%s)" "$boot" >"$j/about" && sed -n "$2,$3p" $b/.lines.$$ >"$b/$1" || { rm -f $b/.lines.$$; exit 74; }
  fi
  shift 3
done
rm -f $b/.lines.$$
`;

/** Looks at job $1 from byte $2, waiting up to $3 tenths of a second. Changes nothing. */
export const lookScript = `${look}look "$1" "$2" "$3"
`;

/** Ends job $1 of operation $2 and all that it started, or sees to it that it never begins, and looks at it. */
export const cancelScript = `${held}${look}
held "$2"
umask 077
j=${hostFolder}/jobs/$1
case $(state "$1") in none|claimed)
  # Whoever comes later to begin it finds that somebody did.
  mkdir -p "$j" && echo 0 0 - >"$j/never.$$" && ln "$j/never.$$" "$j/started" 2>/dev/null
  [ -e "$j/started" ] || exit
  sync "$j" "\${j%/*}" 2>/dev/null || sync
esac
case $(state "$1") in running)
  read -r pid rest <"$j/started"
  # Each job is a session of its own: its children are in the group of its number. No --: dash takes it for a number.
  kill -TERM "-$pid" 2>/dev/null || kill -TERM "$pid"
  i=0; while [ $i -lt 100 ] && [ "$(state "$1")" = running ]; do sleep 0.1 2>/dev/null || { sleep 1; i=$((i+9)); }; i=$((i+1)); done
  [ "$(state "$1")" = running ] && kill -KILL "-$pid"
esac
rm -rf "${secretsFolder}/$1"
look "$1" 0 0
`;

/** Who holds the host, and every job there is: a line `lock` and those of it; for each job `job ID STATE`, and `of`, `by`, `at` and `says`. */
export const surveyScript = `${look}
[ -e ${hostFolder}/lock ] && { echo lock; cat ${hostFolder}/lock; }
for about in ${hostFolder}/jobs/*/about; do
  [ -e "$about" ] || continue
  j=\${about%/about} of= by= at=
  { read -r of; read -r by; read -r at; } <"$about"
  echo "job \${j##*/} $(state "\${j##*/}")"
  # No echo: in dash it makes lines of what a command says with backslashes.
  printf '%s\\n' "of $of" "by $by" "at $at" "says $(head -n 1 "$j/command" 2>/dev/null | head -c 400)"
done
exit 0
`;
