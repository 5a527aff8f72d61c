import { held, hostFolder, look, secretsFolder, since } from "./host-scripts.ts";

/**
 * Takes the lock of the host for operation $1; the lines of it are $1 and all that follow, its owner and its title. Says
 * who has it, and ends with 76, if another has. Else `taken`, or `had` where it was ours, and who changed the host since.
 */
export const lockScript = `${held}${since}
umask 077
mkdir -p ${hostFolder} || exit
read -r boot </proc/sys/kernel/random/boot_id
# Whole and on disk before it has its name: an empty lock would belong to nobody.
printf '%s\\n' "$@" "$(date +%s)" "$boot" >${hostFolder}/lock.$$ || { rm -f ${hostFolder}/lock.$$; exit 74; }
sync ${hostFolder}/lock.$$ 2>/dev/null || sync
word=had
for try in 1 2 3; do
  why=$(ln ${hostFolder}/lock.$$ ${hostFolder}/lock 2>&1) && word=taken
  # Whoever had it may have given it back just now.
  [ -e ${hostFolder}/lock ] && break
done
rm -f ${hostFolder}/lock.$$
[ -e ${hostFolder}/lock ] || { echo "$why" >&2; exit 74; }
held "$1"
echo $word
since "$@"
sync ${hostFolder} 2>/dev/null || sync
`;

/** Gives the lock of operation $1 back. Refused with 75 while a job of it runs; done already where another has the lock. */
export const unlockScript = `${look}
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
