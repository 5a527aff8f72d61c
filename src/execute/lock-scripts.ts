import { held, hostFolder, look, scheduleOwner, secretsFolder, since } from "./host-scripts.ts";

/** Takes the lock for $1, for a script that knows `held` and `look`. Ends it where another has the lock. */
export const takeLock = `
umask 077
mkdir -p ${hostFolder} || exit
read -r boot </proc/sys/kernel/random/boot_id
# Whole and on disk before it has its name: an empty lock would belong to nobody.
printf '%s\\n' "$@" "$(date +%s)" "$boot" >${hostFolder}/lock.$$ || { rm -f ${hostFolder}/lock.$$; exit 74; }
sync ${hostFolder}/lock.$$ 2>/dev/null || sync
# What a host does on its own schedule holds it no longer than it lives. Whoever came in between has it.
if { read -r of; read -r by; } <${hostFolder}/lock && [ "$by" = ${scheduleOwner} ] && [ "$of" != "$1" ] && [ "$(state "$of.run")" != running ]; then
  mv ${hostFolder}/lock ${hostFolder}/gone.$$ && { [ "$(head -n 1 ${hostFolder}/gone.$$)" = "$of" ] || ln ${hostFolder}/gone.$$ ${hostFolder}/lock; }
  rm -f ${hostFolder}/gone.$$
fi 2>/dev/null
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
export const lockScript = `${held}${since}${look}${takeLock}echo $word
since "$@"
sync ${hostFolder} 2>/dev/null || sync
`;

/** Gives the lock of $1 back, for a script that knows `look`. Ends it with 75 while a job of it runs. */
export const giveLock = `
l=; [ -e ${hostFolder}/lock ] && read -r l <${hostFolder}/lock
[ "$l" = "$1" ] || exit 0
for about in ${hostFolder}/jobs/*/about; do
  [ -e "$about" ] || continue
  read -r of <"$about"
  [ "$of" = "$1" ] || continue
  j=\${about%/about}
  case $(state "\${j##*/}") in running) echo "\${j##*/}"; exit 75 ;; esac
done
rm -rf "${secretsFolder}/$1".*
# A file that was never put in place may hold secrets.
rm -f ${hostFolder}/jobs/"$1".*/input
rm -f ${hostFolder}/lock
`;

/** Gives the lock of operation $1 back. Refused with 75 while a job of it runs; done already where another has the lock. */
export const unlockScript = `${look}${giveLock}`;
