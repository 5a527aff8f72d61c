import { held, hostFolder, look, scheduleOwner, secretsFolder, since } from "./host-scripts.ts";

/**
 * Takes the lock of a run of the host's own schedule away that died with it, unless it is one of $1: it holds the host no
 * longer than it lives, until its process is gone. One alone may do that at a time, whoever claimed it last and is alive: a
 * second one would take away what the first put in its place.
 */
const free = `
alive() (
  read -r pid start boot <"$1" && read -r now </proc/sys/kernel/random/boot_id && [ "$boot" = "$now" ] && read -r stat <"/proc/$pid/stat" || exit
  set -- \${stat##*) }
  [ "\${20}" = "$start" ] && [ "$1" != Z ]
) 2>/dev/null
free() (
  { read -r of; read -r by; } <${hostFolder}/lock && [ "$by" = ${scheduleOwner} ] && [ "$of" != "$1" ] && ! alive "${hostFolder}/jobs/$of.run/started" || exit
  me=${hostFolder}/freer.$$ claim=${hostFolder}/freed.$of n=1
  read -r boot </proc/sys/kernel/random/boot_id && read -r stat </proc/$$/stat || exit
  set -- \${stat##*) }
  echo "$$ \${20} $boot" >"$me" || { rm -f "$me"; exit; }
  until ln "$me" "$claim.$n"; do [ -e "$claim.$n" ] && ! alive "$claim.$n" || { rm -f "$me"; exit; }; n=$((n+1)); done
  rm -f "$me"
  l=; read -r l <${hostFolder}/lock
  [ "$l" != "$of" ] || rm -f ${hostFolder}/lock && rm -f "$claim".*
) 2>/dev/null
`;

/** Takes the lock for $1, for a script that knows `held`. Ends it where another has the lock. */
export const takeLock = `${free}
umask 077
mkdir -p ${hostFolder} || exit
read -r boot </proc/sys/kernel/random/boot_id
# Whole and on disk before it has its name: an empty lock would belong to nobody.
printf '%s\\n' "$@" "$(date +%s)" "$boot" >${hostFolder}/lock.$$ || { rm -f ${hostFolder}/lock.$$; exit 74; }
sync ${hostFolder}/lock.$$ 2>/dev/null || sync
free "$1"
word=had
for try in 1 2 3; do
  why=$(ln ${hostFolder}/lock.$$ ${hostFolder}/lock 2>&1) && word=taken
  # Whoever had it may have given it back just now.
  [ -e ${hostFolder}/lock ] && break
done
rm -f ${hostFolder}/lock.$$
[ -e ${hostFolder}/lock ] || { echo "$why" >&2; exit 74; }
held "$1"
`;

/**
 * Takes the lock of the host for operation $1; the lines of it are $1 and all that follow, its owner and its title. Says
 * who has it, and ends with 76, if another has. Else `taken`, or `had` where it was ours, and who changed the host since.
 */
export const lockScript = `${held}${since}${takeLock}echo $word
since "$@"
sync ${hostFolder} 2>/dev/null || sync
`;

/**
 * Gives the lock of $1 back, for a script that knows `look`. Ends it with 75 while a job of it runs, but for $2, which is the
 * job that says this at its own end.
 */
export const giveLock = `
l=; [ -e ${hostFolder}/lock ] && read -r l <${hostFolder}/lock
[ "$l" = "$1" ] || exit 0
for about in ${hostFolder}/jobs/*/about; do
  [ -e "$about" ] || continue
  read -r of <"$about"
  [ "$of" = "$1" ] || continue
  j=\${about%/about}
  [ "\${j##*/}" != "$2" ] || continue
  case $(state "\${j##*/}") in running) echo "\${j##*/}"; exit 75 ;; esac
done
rm -rf "${secretsFolder}/$1".*
# A file that was never put in place may hold secrets.
rm -f ${hostFolder}/jobs/"$1".*/input
rm -f ${hostFolder}/lock
`;

/** Gives the lock of operation $1 back. Refused with 75 while a job of it runs; done already where another has the lock. */
export const unlockScript = `${look}${giveLock}`;
