// What a host is told to do for us: constants. All that differs comes as arguments, which no shell reads as a program.

/** Jobs, locks and kept files of ours on a host. Survives a reboot; nobody but root looks into it. */
export const hostFolder = "/var/lib/scrap";
const base = hostFolder;

/** Secrets on their way to a job. In memory alone: no disk ever has them. */
const secrets = "/run/scrap";

/**
 * Looks at job $1, from byte $2 of its output on, and waits up to $3 tenths of a second for something to happen.
 *
 * Says `STATE [EXIT CODE]`, how many bytes of output follow, and these. `none`: never submitted. `claimed`: submitted, not begun. `never`: it was
 * cancelled before it began, and will not. `killed`: it began, is gone, and left no exit code. `rebooted`: so did the host since.
 */
const look = `
look() {
  j=${base}/jobs/$1; n=$3; pause=0.1; sleep 0.01 2>/dev/null || pause=1
  while :; do
    s=none
    if [ -d "$j" ]; then
      s=claimed
      if [ -e "$j/started" ]; then
        read -r pid start boot <"$j/started"
        read -r now </proc/sys/kernel/random/boot_id
        s=killed
        if [ "$pid" = 0 ]; then s=never
        elif [ "$boot" != "$now" ]; then s=rebooted
        elif read -r stat 2>/dev/null <"/proc/$pid/stat"; then
          set -- "$1" "$2" "$3" \${stat##*) }
          # Z: it is gone, and nobody has looked yet.
          [ "\${23}" = "$start" ] && [ "$4" != Z ] && s=running
        fi
      fi
      # Last, because it may have ended in the meantime.
      [ -e "$j/exit" ] && s="finished $(cat "$j/exit")"
    fi
    size=0; [ -e "$j/out" ] && size=$(($(wc -c <"$j/out")))
    case $s in running|claimed) ;; *) break ;; esac
    [ "$size" -gt "$2" ] && break
    n=$((n-1)); [ "$n" -le 0 ] && break
    sleep $pause
  done
  more=0; [ "$size" -gt "$2" ] && more=$((size-$2)); [ $more -gt 65536 ] && more=65536
  echo "$s"; echo "$more"
  [ $more -gt 0 ] && tail -c +$(($2+1)) "$j/out" | head -c $more
  return 0
}
state() { look "$1" 999999999999 0 | head -n 1; }
`;

/**
 * The job itself, kept beside its command. Whoever links \`started\` first is the one: submitted twice is run once. The
 * exit code is on disk before it has its name; where there is no room for it, there is none.
 */
const runner = `j=$1
trap : TERM
export LC_ALL=C TZ=UTC HOME="\${HOME:-/root}" PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; cd /; umask 022
read -r boot </proc/sys/kernel/random/boot_id
read -r stat </proc/$$/stat
set -- \${stat##*) }
echo $$ \${20} $boot >"$j/who.$$" && ln "$j/who.$$" "$j/started" 2>/dev/null || exit 0
sync "$j/started" "$j" "\${j%/*}" 2>/dev/null || sync
s=${secrets}/\${j##*/}
for f in "$s"/*; do [ -f "$f" ] && IFS= read -r v <"$f" && export "\${f##*/}=$v"; done
v=; rm -rf "$s"
sh "$j/command" >"$j/out" 2>&1 </dev/null
code=$?
# Submitted once more meanwhile, it was given them once more.
rm -rf "$s"
echo $code >"$j/exit.new" || exit
sync "$j/exit.new" 2>/dev/null || sync
mv "$j/exit.new" "$j/exit"
sync "$j" 2>/dev/null || sync
`;

/** Is $1 the operation that holds this host? Else says by whom it is held, and ends with 76. */
const held = `
held() {
  l=; [ -e ${base}/lock ] && read -r l <${base}/lock
  [ "$l" = "$1" ] && return
  [ -e ${base}/lock ] && cat ${base}/lock
  exit 76
}
`;

export const lockedExitCode = 76;

/** Keeps the lines `NAME=value` before the first empty one of standard input for job $1. */
const keepSecrets = `
keep_secrets() (
  umask 077; s=${secrets}/$1
  while IFS= read -r line && [ "$line" ]; do
    [ "$(stat -f -c %T /run)" = tmpfs ] || { echo "/run is no file system in memory: a secret would be on disk" >&2; exit 77; }
    mkdir -p ${secrets} "$s" && printf '%s\\n' "\${line#*=}" >"$s/\${line%%=*}" || exit
  done
)
`;

/** Nothing of another operation than $1 is kept for ever: a job 7 days, a file as it was before 30. */
const forget = `
forget() {
  { find ${base}/jobs -mindepth 1 -maxdepth 1 -mtime +7; find ${base}/kept -mindepth 1 -maxdepth 1 -mtime +30; } 2>/dev/null |
    while read -r old; do
      case \${old##*/} in "$1"|"$1".*) continue ;; esac
      [ "$(state "\${old##*/}")" = running ] || rm -rf "$old"
    done
}
`;

/**
 * Submits job $1 of operation $2 for owner $3, reading its secrets, an empty line and the command from standard input,
 * and then looks at it: $4 is how long.
 */
export const submitScript = `${held}${look}${forget}${keepSecrets}
held "$2"
umask 077
j=${base}/jobs/$1
mkdir -p ${base}/jobs || exit
forget "$2"
if ! [ -e "$j/started" ]; then
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

/** Looks at job $1 from byte $2, waiting up to $3 tenths of a second. Changes nothing. */
export const lookScript = `${look}look "$1" "$2" "$3"
`;

/** Ends job $1 of operation $2 and all that it started, or sees to it that it never begins, and looks at it. */
export const cancelScript = `${held}${look}
held "$2"
umask 077
j=${base}/jobs/$1
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
rm -rf "${secrets}/$1"
look "$1" 0 0
`;

/** Takes the lock of the host for operation $1; the lines of it are $1 and all that follow. Says who has it, and ends with 76, if another has. */
export const lockScript = `${held}
umask 077
mkdir -p ${base} || exit
read -r boot </proc/sys/kernel/random/boot_id
# Whole and on disk before it has its name: an empty lock would belong to nobody.
printf '%s\\n' "$@" "$(date +%s)" "$boot" >${base}/lock.$$ || { rm -f ${base}/lock.$$; exit 74; }
sync ${base}/lock.$$ 2>/dev/null || sync
why=$(ln ${base}/lock.$$ ${base}/lock 2>&1)
rm -f ${base}/lock.$$
[ -e ${base}/lock ] || { echo "$why" >&2; exit 74; }
held "$1"
sync ${base} 2>/dev/null || sync
`;

/** Gives the lock of operation $1 back. Refused with 75 while a job of it runs; done already where another has the lock. */
export const unlockScript = `${look}
l=; [ -e ${base}/lock ] && read -r l <${base}/lock
[ "$l" = "$1" ] || exit 0
for about in ${base}/jobs/*/about; do
  [ -e "$about" ] || continue
  read -r of <"$about"
  [ "$of" = "$1" ] || continue
  j=\${about%/about}
  case $(state "\${j##*/}") in running) echo "\${j##*/}"; exit 75 ;; esac
done
rm -rf "${secrets}/$1".*
rm -f ${base}/lock
`;

/** Who holds the host, and every job there is: a line `lock` and those of it; for each job `job ID STATE`, and `of`, `by`, `at` and `says`. */
export const surveyScript = `${look}
[ -e ${base}/lock ] && { echo lock; cat ${base}/lock; }
for about in ${base}/jobs/*/about; do
  [ -e "$about" ] || continue
  j=\${about%/about} of= by= at=
  { read -r of; read -r by; read -r at; } <"$about"
  echo "job \${j##*/} $(state "\${j##*/}")"
  echo "of $of"; echo "by $by"; echo "at $at"
  echo "says $(head -n 1 "$j/command" 2>/dev/null | head -c 400)"
done
exit 0
`;

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
export const uploadScript = `${held}${place}
held "$1"
umask 077
[ -d "$3" ] && ! [ -L "$3" ] && { echo "$3 is a directory" >&2; exit 73; }
k=${base}/kept/$1/$2
mkdir -p "$k" || exit
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
export const putBackScript = `${held}${place}
held "$1"
k=${base}/kept/$1/$2
if [ -e "$k/was" ] || [ -L "$k/was" ]; then place "$k/was" "$3"
elif [ -e "$k/none" ]; then rm -f "$3" || exit; sync "$(dirname "$3")" 2>/dev/null || sync
fi
`;
